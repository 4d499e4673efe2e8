package io.flagledger.sdk.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.AllowlistChanged;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.KillSwitchReleased;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.fold.MemoryLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final String LEDGER = "ledger-1";
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00.123Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Subject ADA = Subject.user("ada").org("acme");
    private static final Allowlist ADA_ALONE = Allowlist.of(List.of(new UserEntry("ada", null)), List.of());

    private final MemoryLedger ledger = MemoryLedger.gastown()
            .accept(
                    FlagCreated.bool("gastown"),
                    StageMoved.to("gastown", Stage.ALLOWLIST),
                    new AllowlistChanged("gastown", ADA_ALONE, Allowlist.EMPTY));

    @Test
    void whoHasAccessIsAdmittedAndWhoHasNotIsNot() {
        Admission admission = admit(ADA).orElseThrow();
        assertThat(admission)
                .isEqualTo(new Admission(
                        LEDGER,
                        "gastown-test",
                        "gastown",
                        ADA,
                        "on",
                        3,
                        Instant.parse("2026-11-24T10:00:00Z"),
                        Instant.parse("2026-11-24T11:00:00Z")));
        assertThat(admit(Subject.user("kim"))).isEmpty();
        assertThat(Admission.admit(LEDGER, flags(), "nowhere", ADA.asAdmin(), NOW, HOUR))
                .isEmpty();
    }

    @Test
    void whatEndsAccessDoesNotEndAnAdmission() {
        Admission admission = admit(ADA).orElseThrow();
        ledger.accept(new AllowlistChanged("gastown", Allowlist.EMPTY, ADA_ALONE));
        assertThat(admit(ADA)).isEmpty();
        assertThat(standing(admission)).isEqualTo(Standing.CONTINUES);
        ledger.accept(new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS));
        assertThat(standing(admission)).isEqualTo(Standing.CONTINUES);
        ledger.accept(StageMoved.to("gastown", Stage.ADMIN_ONLY));
        assertThat(standing(admission)).isEqualTo(Standing.CONTINUES);
    }

    @Test
    void aSmallerPercentageDoesNotEndAnAdmission() {
        ledger.accept(StageMoved.to("gastown", new Percentage(100_000)));
        Subject kim = Subject.user("kim");
        Admission admission = admit(kim).orElseThrow();
        ledger.accept(StageMoved.to("gastown", Percentage.ZERO));
        assertThat(admit(kim)).isEmpty();
        assertThat(standing(admission)).isEqualTo(Standing.CONTINUES);
    }

    @Test
    void killingAllAccessEndsItAndAnArchivedFlagToo() {
        Admission admission = admit(ADA).orElseThrow();
        ledger.accept(new KillSwitchEngaged("gastown", KillSwitch.ALL_ACCESS));
        assertThat(standing(admission)).isEqualTo(Standing.KILLED);
        assertThat(standing(admission).continues()).isFalse();
        ledger.accept(new KillSwitchReleased("gastown"), new Change.FlagArchived("gastown"));
        assertThat(standing(admission)).isEqualTo(Standing.ARCHIVED);
        assertThat(standing(admission).continues()).isFalse();
    }

    @Test
    void aKilledParentEndsNoAdmissionToItsChild() {
        ledger.accept(FlagCreated.bool("gastown.convoys", Parent.of("gastown")));
        Admission admission = Admission.admit(LEDGER, flags(), "gastown.convoys", ADA.asAdmin(), NOW, HOUR)
                .orElseThrow();
        ledger.accept(new KillSwitchEngaged("gastown", KillSwitch.ALL_ACCESS));
        assertThat(standing(admission)).isEqualTo(Standing.CONTINUES);
    }

    @Test
    void nobodyIsAdmittedWhileAllAccessIsKilledAndAdminsAreWhileOnlyNewAccessIs() {
        ledger.accept(new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS));
        assertThat(admit(ADA)).isEmpty();
        assertThat(admit(ADA.asAdmin())).isPresent();
        ledger.accept(new KillSwitchReleased("gastown"), new KillSwitchEngaged("gastown", KillSwitch.ALL_ACCESS));
        assertThat(flags().decide("gastown", ADA.asAdmin(), false).granted()).isTrue();
        assertThat(admit(ADA.asAdmin())).isEmpty();
    }

    @Test
    void itExpiresAtItsSecondAndNotBefore() {
        Admission admission = admit(ADA).orElseThrow();
        Instant end = admission.expiresAt();
        assertThat(admission.standing(LEDGER, flags(), end.minusMillis(1))).isEqualTo(Standing.CONTINUES);
        assertThat(admission.standing(LEDGER, flags(), end)).isEqualTo(Standing.EXPIRED);
        assertThat(Standing.EXPIRED.continues()).isFalse();
    }

    @Test
    void whoStandsBeforeTheAdmissionNeitherEndsItByAnOldKillNorCallsItKnown() {
        ledger.accept(new KillSwitchEngaged("gastown", KillSwitch.ALL_ACCESS));
        CompiledEnvironment killed = flags();
        ledger.accept(new KillSwitchReleased("gastown"));
        Admission admission = admit(ADA).orElseThrow();
        assertThat(admission.standing(LEDGER, killed, NOW)).isEqualTo(Standing.AHEAD);
        assertThat(Standing.AHEAD.continues()).isTrue();
        assertThat(admission.standing(LEDGER, killed, admission.expiresAt())).isEqualTo(Standing.EXPIRED);

        CompiledEnvironment nothing =
                CompiledEnvironment.of(MemoryLedger.gastown().state());
        assertThat(admission.standing(null, nothing, NOW)).isEqualTo(Standing.AHEAD);
    }

    @Test
    void anAdmissionOfAnotherLedgerOrEnvironmentDoesNotContinueHere() {
        Admission admission = admit(ADA).orElseThrow();
        assertThat(admission.standing("ledger-2", flags(), NOW)).isEqualTo(Standing.FOREIGN);
        Admission elsewhere = new Admission(
                LEDGER, "gastown-staging", "gastown", ADA, "on", 1, admission.issuedAt(), admission.expiresAt());
        assertThat(standing(elsewhere)).isEqualTo(Standing.FOREIGN);
        assertThat(elsewhere.standing(null, flags(), NOW)).isEqualTo(Standing.FOREIGN);
        assertThat(Standing.FOREIGN.continues()).isFalse();
    }

    @Test
    void anAdmissionThatEndsBeforeItBeginsIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Admission.admit(LEDGER, flags(), "gastown", ADA, NOW, Duration.ofMillis(10)))
                .withMessage(
                        "an admission lasts a second at least, but this one is from 2026-11-24T10:00:00Z to 2026-11-24T10:00:00Z");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Admission(LEDGER, "gastown-test", "gastown", ADA, "on", 0, NOW, NOW.plus(HOUR)))
                .withMessageContaining("before the first event");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Admission(LEDGER, "Gastown", "gastown", ADA, "on", 1, NOW, NOW.plus(HOUR)))
                .withMessageContaining("'Gastown'");
    }

    private Optional<Admission> admit(Subject subject) {
        return Admission.admit(LEDGER, flags(), "gastown", subject, NOW, HOUR);
    }

    private Standing standing(Admission admission) {
        return admission.standing(LEDGER, flags(), NOW);
    }

    private CompiledEnvironment flags() {
        return CompiledEnvironment.of(ledger.state());
    }
}
