package io.flagledger.core.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Batch;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Digest;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.event.Stage;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.fold.MemoryLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class CompiledFlagTest extends EvaluatorContract {
    private @Nullable List<Recorded> asked;
    private @Nullable CompiledEnvironment compiled;

    @Override
    protected Decision decide(List<Recorded> history, String flag, Subject subject) {
        CompiledEnvironment current = compiled;
        if (current == null || !history.equals(asked)) {
            current = CompiledEnvironment.of(Fold.replay(EnvironmentState.empty("gastown-test"), history));
            compiled = current;
            asked = history;
        }
        return current.decide(flag, subject, false);
    }

    @Test
    void anAnswerIsTheSameObjectEachTime() {
        CompiledFlag flag = compiled(MemoryLedger.gastown().accept(Change.FlagCreated.bool("gastown")), "gastown");
        assertThat(flag.evaluate(Subject.user("ann")))
                .isSameAs(flag.evaluate(Subject.user("kim").org("acme")));
        assertThat(flag.evaluate(Subject.user("ann").asAdmin()))
                .isSameAs(flag.evaluate(Subject.user("kim").asAdmin()));
    }

    @Test
    void anAnswerAndADecisionSayTheSame() {
        MemoryLedger ledger = MemoryLedger.gastown()
                .accept(Change.FlagCreated.bool("top"), Change.FlagCreated.bool("gastown", Parent.of("top")));
        Outcome outcome = compiled(ledger, "gastown").evaluate(Subject.user("ann"));
        assertThat(outcome.granted()).isFalse();
        assertThat(outcome.reason()).isEqualTo(Reason.PARENT);
        assertThat(outcome.parent()).isEqualTo("top");
        assertThat(outcome.variant()).isEqualTo("off");
        assertThat(compiled(ledger, "gastown").isOpen(Subject.user("ann"))).isFalse();
        assertThat(compiled(ledger, "gastown").isOpen(Subject.user("ann").asAdmin()))
                .isTrue();
    }

    @Test
    void whatIsPreparedSaysWhatItWasPreparedFrom() {
        MemoryLedger ledger = MemoryLedger.gastown()
                .accept(Change.FlagCreated.bool("gastown"), Change.StageMoved.to("gastown", Stage.ALLOWLIST));
        assertThat(CompiledEnvironment.of(ledger.state()).state()).isSameAs(ledger.state());
        assertThat(compiled(ledger, "gastown").key()).isEqualTo("gastown");
        assertThat(compiled(ledger, "gastown").revision()).isEqualTo(2);
    }

    /** The decider lets no flag be archived that is a parent, but the fold judges no history. */
    @Test
    void anArchivedParentLetsNobodyIn() {
        MemoryLedger ledger = MemoryLedger.gastown()
                .accept(Change.FlagCreated.bool("top"), Change.FlagCreated.bool("gastown", Parent.of("top")));
        EnvironmentState state = ledger.state();
        Event archived = new Event(
                state.environment(),
                state.sequence() + 1,
                2,
                MemoryLedger.START,
                MemoryLedger.ACTOR,
                MemoryLedger.REASON,
                "an older release",
                new Batch(0, 1),
                new Change.FlagArchived("top"));
        EnvironmentState after =
                Fold.apply(state, new Recorded(archived, state.digest(), Digest.genesis("next"), MemoryLedger.START));
        Decision decision = CompiledEnvironment.of(after)
                .decide("gastown", Subject.user("ann").asAdmin(), false);
        assertThat(decision.reason()).isEqualTo(Reason.PARENT);
        assertThat(decision.parent()).isEqualTo("top");
    }

    @Test
    void anAllowlistIsPreparedAnewOnlyWhenItIsAnother() {
        Allowlist list = Allowlist.of(List.of(), List.of("acme"));
        Admitted before = Admitted.by(list, null);
        assertThat(Admitted.by(list, before)).isSameAs(before);
        assertThat(Admitted.by(Allowlist.of(List.of(), List.of("globex")), before)
                        .contains(Subject.user("ann").org("globex")))
                .isTrue();
    }

    @Test
    void aDecisionCarriesTheLedgerTimeAndWhetherItIsStale() {
        EnvironmentState state = MemoryLedger.gastown()
                .accept(Change.FlagCreated.bool("gastown"), Change.FlagCreated.bool("hooks"))
                .state();
        Decision decision = CompiledEnvironment.of(state).decide("gastown", Subject.anonymous(), true);
        assertThat(decision.at()).isEqualTo(MemoryLedger.START.plusSeconds(1));
        assertThat(decision.stale()).isTrue();
    }

    @Test
    void aStateWithinABatchIsShownToNobody() {
        MemoryLedger ledger =
                MemoryLedger.gastown().batch(Change.FlagCreated.bool("gastown"), Change.FlagCreated.bool("hooks"));
        EnvironmentState torn = Fold.replay(
                EnvironmentState.empty("gastown-test"), ledger.events().subList(0, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CompiledEnvironment.of(torn))
                .withMessage("event 1 of gastown-test does not end its batch");
    }

    @Test
    void aFlagThatDidNotChangeIsTakenOverAsItIs() {
        MemoryLedger ledger = MemoryLedger.gastown()
                .accept(
                        Change.FlagCreated.bool("top"),
                        Change.FlagCreated.bool("bottom", Parent.of("top")),
                        Change.FlagCreated.bool("beside"));
        CompiledEnvironment before = CompiledEnvironment.of(ledger.state());
        ledger.accept(new Change.KillSwitchEngaged("top", KillSwitch.ALL_ACCESS));
        CompiledEnvironment after = before.next(ledger.state(), List.of("top"));
        assertThat(after.flag("beside")).isSameAs(before.flag("beside"));
        assertThat(after.flag("bottom")).isNotSameAs(before.flag("bottom"));
        assertThat(after.flag("nowhere")).isNull();
    }

    /** Sixteen levels of sixteen flags, each the child of all those one level above: 16^16 ways to the top. */
    @Test
    void sixteenLevelsOfSixteenParentsAreAnsweredAtOnce() {
        MemoryLedger ledger = MemoryLedger.gastown();
        List<Parent> above = List.of();
        for (int level = 0; level <= 16; level++) {
            List<Parent> here = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                String key = "level-%d.%d".formatted(level, i);
                ledger.batch(
                        Change.FlagCreated.bool(key, above.toArray(Parent[]::new)),
                        Change.StageMoved.to(key, Stage.GENERALLY_AVAILABLE).skipping());
                here.add(i % 2 == 0 ? Parent.of(key) : new Parent(key, Set.of("on")));
            }
            above = here;
        }
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            CompiledFlag bottom = compiled(ledger, "level-16.15");
            for (int i = 0; i < 10_000; i++) {
                assertThat(bottom.isOpen(Subject.user("user-" + i))).isTrue();
            }
            ledger.accept(new Change.KillSwitchEngaged("level-0.15", KillSwitch.ALL_ACCESS));
            Outcome outcome = compiled(ledger, "level-16.15").evaluate(Subject.user("ann"));
            assertThat(outcome.parent()).isEqualTo("level-15.0");
        });
    }

    @Test
    void anEmptyIdIsNoId() {
        assertThat(new Subject("", "", false)).isEqualTo(Subject.anonymous());
        assertThat(Subject.user("ann").org("")).isEqualTo(Subject.user("ann"));
    }

    private static CompiledFlag compiled(MemoryLedger ledger, String flag) {
        CompiledFlag compiled = CompiledEnvironment.of(ledger.state()).flag(flag);
        assertThat(compiled).isNotNull();
        return Objects.requireNonNull(compiled);
    }
}
