package io.flagledger.core.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.StateDigest;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Change.AllowlistChanged;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.KillSwitchReleased;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.fold.Histories;
import io.flagledger.core.fold.MemoryLedger;
import io.flagledger.core.proof.Verification.Broken;
import io.flagledger.core.proof.Verification.Sound;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LedgerProofTest {
    private static final String ENVIRONMENT = "gastown-test";
    private static final String LEDGER = "2xWm0Q7kTJCyxg9lXbUUVg";
    private static final Instant SIGNED = Instant.parse("2026-02-01T00:00:00Z");

    private static final MemoryLedger MEMORY = MemoryLedger.gastown()
            .accept(FlagCreated.bool("gastown"))
            .batch(
                    FlagCreated.bool("gastown.convoys"),
                    new StageMoved("gastown", Stage.ALLOWLIST, Percentage.ZERO, false),
                    new AllowlistChanged(
                            "gastown",
                            Allowlist.of(List.of(new UserEntry("ada", "acme")), List.of("initech")),
                            Allowlist.EMPTY))
            .accept(
                    new StageMoved("gastown", Stage.PERCENTAGE, new Percentage(25_000), false),
                    new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS),
                    new KillSwitchReleased("gastown"),
                    new StageMoved("gastown.convoys", Stage.ALLOWLIST, Percentage.ZERO, false),
                    new KillSwitchEngaged("gastown.convoys", KillSwitch.ALL_ACCESS));
    private static final RawLedger LEDGER_OF_NINE = RawLedger.of(MEMORY.events());
    private static final int LAST = 9;

    @Test
    void aSoundLedgerSaysWhereItStands() {
        assertThat(prove(LEDGER_OF_NINE))
                .isEqualTo(new Sound(new Extent(
                        ENVIRONMENT,
                        LAST,
                        MEMORY.state().digest(),
                        StateDigest.of(MEMORY.state()),
                        2,
                        MEMORY.events().get(0).appendedAt(),
                        MEMORY.state().ledgerTime())));
    }

    @Test
    void anEmptyLedgerIsSound() {
        assertThat(prove(new RawLedger(List.of())).extent().sequence()).isZero();
    }

    @Test
    void whatRandomHistoriesLeaveIsSound() {
        Histories.obey(Histories.first(500), history -> {
            Verification proven = prove(RawLedger.of(history.events()));
            assertThat(proven).isInstanceOf(Sound.class);
            assertThat(proven.extent().digest()).isEqualTo(history.end().digest());
        });
    }

    @Test
    void everyFlippedBitIsFoundAndItsEventNamed() {
        for (int sequence = 1; sequence < LAST; sequence++) {
            for (int bit = 0; bit < LEDGER_OF_NINE.bits(sequence); bit++) {
                Verification proven = prove(LEDGER_OF_NINE.flip(sequence, bit));
                assertThat(proven).as("bit %d of event %d", bit, sequence).isInstanceOf(Broken.class);
                assertThat(((Broken) proven).sequence())
                        .as("bit %d of event %d: %s", bit, sequence, proven)
                        .isEqualTo(sequence);
            }
        }
    }

    @Test
    void theLastEventIsVouchedForByACheckpointOnly() {
        int unnoticed = 0;
        for (int bit = 0; bit < LEDGER_OF_NINE.bits(LAST); bit++) {
            RawLedger flipped = LEDGER_OF_NINE.flip(LAST, bit);
            unnoticed += prove(flipped) instanceof Sound ? 1 : 0;
            assertThat(prove(flipped, checkpoint(LAST)))
                    .as("bit %d", bit)
                    .isInstanceOfSatisfying(
                            Broken.class,
                            broken -> assertThat(broken.sequence()).isBetween(LAST - 1L, (long) LAST));
        }
        assertThat(unnoticed).isPositive();
    }

    @Test
    void anAlteredEventIsNamedAndNotTheOneThatShowsIt() {
        RawLedger altered = LEDGER_OF_NINE.rewritten(4, 5, RawLedger.reason("somebody else's"));
        assertBroken(altered, Flaw.ALTERED, 4, 4);
    }

    @Test
    void anAlteredLinkIsNamedItself() {
        RawLedger altered = LEDGER_OF_NINE.flipIn(
                5, LEDGER_OF_NINE.event(5).previousDigest().toBytes());
        assertBroken(altered, Flaw.ALTERED, 5, 4);
    }

    @Test
    void whereNobodyVouchesForEitherTheEarlierIsNamedAndBothAreTold() {
        RawLedger altered = LEDGER_OF_NINE.flipIn(
                LAST, LEDGER_OF_NINE.event(LAST).previousDigest().toBytes());
        Broken broken = assertBroken(altered, Flaw.ALTERED, LAST - 1, LAST - 1);
        assertThat(broken.why()).startsWith("event 8 or event 9 was altered");
        assertThat(broken.extent().sequence()).isEqualTo(LAST - 2);

        assertThat(prove(altered, checkpoint(LAST - 1))).satisfies(proven -> {
            assertThat(((Broken) proven).sequence())
                    .as("a checkpoint vouches for the earlier")
                    .isEqualTo(LAST);
            assertThat(proven.extent().sequence()).isEqualTo(LAST - 1);
        });
    }

    @Test
    void anEventThatStartsFromAnotherName() {
        assertBroken(
                LEDGER_OF_NINE.flipIn(
                        1, LEDGER_OF_NINE.event(1).previousDigest().toBytes()),
                Flaw.ALTERED,
                1,
                0);
    }

    @Test
    void aMissingEvent() {
        assertBroken(LEDGER_OF_NINE.without(6), Flaw.MISSING, 6, 5);
        assertThat(assertBroken(LEDGER_OF_NINE.without(1), Flaw.MISSING, 1, 0).why())
                .isEqualTo("event 1 is missing: the ledger starts with event 2");
    }

    @Test
    void aTombstone() {
        byte[] key = EventCodec.key(ENVIRONMENT, 3);
        assertBroken(LEDGER_OF_NINE.with(3, null), Flaw.TOMBSTONE, 3, 2);
        assertBroken(LEDGER_OF_NINE.plus(key, null), Flaw.TOMBSTONE, 3, 9);
        assertThat(assertBroken(LEDGER_OF_NINE.without(3).plus(key, null), Flaw.TOMBSTONE, 3, 2)
                        .why())
                .isEqualTo("event 3 was deleted: event 4 follows event 2, and a tombstone lies at offset 8");
    }

    @Test
    void swappedEvents() {
        assertThat(assertBroken(LEDGER_OF_NINE.swapped(5, 6), Flaw.MISPLACED, 5, 4)
                        .why())
                .isEqualTo("event 5 comes only at offset 5, after event 6");
        assertBroken(LEDGER_OF_NINE.swapped(1, 9), Flaw.MISPLACED, 1, 0);
    }

    @Test
    void aRepeatedEvent() {
        RawRecord fourth = LEDGER_OF_NINE.records().get(3);
        assertBroken(
                new RawLedger(List.of(
                        LEDGER_OF_NINE.records().get(0),
                        LEDGER_OF_NINE.records().get(0))),
                Flaw.REPEATED,
                1,
                1);
        assertBroken(LEDGER_OF_NINE.plus(EventCodec.key(ENVIRONMENT, 4), fourth.value()), Flaw.REPEATED, 4, 9);
    }

    @Test
    void unreadableBytes() {
        assertBroken(LEDGER_OF_NINE.with(4, new byte[] {1, 2, 3}), Flaw.UNREADABLE, 4, 3);
        assertBroken(LEDGER_OF_NINE.with(4, new byte[0]), Flaw.UNREADABLE, 4, 3);
        assertBroken(LEDGER_OF_NINE.plus(EventCodec.key(ENVIRONMENT, 2), new byte[] {1}), Flaw.UNREADABLE, 2, 9);
    }

    @Test
    void keysThatDoNotFit() {
        assertBroken(LEDGER_OF_NINE.moved(4, EventCodec.key(ENVIRONMENT, 5)), Flaw.WRONG_KEY, 4, 3);
        assertBroken(LEDGER_OF_NINE.moved(4, text(ENVIRONMENT)), Flaw.WRONG_KEY, 4, 3);
        assertBroken(LEDGER_OF_NINE.moved(4, text(ENVIRONMENT + "/04")), Flaw.WRONG_KEY, 4, 3);
        assertBroken(LEDGER_OF_NINE.moved(4, EventCodec.key("other", 4)), Flaw.FOREIGN_EVENT, 4, 3);
        RawLedger other = RawLedger.of(
                new MemoryLedger("other").accept(FlagCreated.bool("gastown")).events());
        assertBroken(LEDGER_OF_NINE.plus(other.moved(1, EventCodec.key(ENVIRONMENT, 10))), Flaw.FOREIGN_EVENT, 10, 9);
    }

    @Test
    void otherEnvironmentsOfThePartitionAreNotJudged() {
        RawLedger other = RawLedger.of(new MemoryLedger("other")
                .accept(FlagCreated.bool("a"), FlagCreated.bool("b"), FlagCreated.bool("c"))
                .events());
        RawLedger mixed = other.without(2)
                .plus(EventCodec.key("other", 4), new byte[] {1})
                .plus(LEDGER_OF_NINE)
                .plus(EventCodec.key("other", 3), null);
        assertThat(prove(mixed).extent()).isEqualTo(prove(LEDGER_OF_NINE).extent());
        assertThat(prove(mixed)).isInstanceOf(Sound.class);
    }

    @Test
    void anEventThatCannotFollow() {
        Event ninth = LEDGER_OF_NINE.event(LAST).event();
        RawLedger impossible = LEDGER_OF_NINE.rewritten(
                LAST,
                LAST + 1,
                event -> new Event(
                        event.environment(),
                        event.sequence(),
                        ninth.revision() + 1,
                        event.occurredAt(),
                        event.actor(),
                        event.reason(),
                        event.changeId(),
                        event.batch(),
                        event.change()));
        assertBroken(impossible, Flaw.IMPOSSIBLE, LAST, LAST - 1);
    }

    @Test
    void aTornBatch() {
        assertBroken(LEDGER_OF_NINE.first(3), Flaw.TORN_BATCH, 4, 3);
        assertThat(prove(LEDGER_OF_NINE.first(4))).isInstanceOf(Sound.class);
    }

    @Test
    void aTruncatedTailIsFoundWithACheckpointOnly() {
        RawLedger truncated = LEDGER_OF_NINE.first(6);
        assertThat(prove(truncated)).isInstanceOf(Sound.class);
        Broken broken = (Broken) prove(truncated, checkpoint(LAST));
        assertThat(broken.flaw()).isEqualTo(Flaw.TRUNCATED);
        assertThat(broken.sequence()).isEqualTo(7);
        assertThat(prove(truncated, checkpoint(6))).isInstanceOf(Sound.class);
        assertThat(((Broken) prove(new RawLedger(List.of()), checkpoint(5))).sequence())
                .isEqualTo(1);
    }

    @Test
    void aRebuiltChainIsFoundWithACheckpointOnlyAndMoreOfThemNarrowThePlace() {
        RawLedger rebuilt = LEDGER_OF_NINE.rewritten(6, LAST + 1, RawLedger.reason("as it never was"));
        assertThat(prove(rebuilt)).isInstanceOf(Sound.class);
        assertThat(prove(rebuilt, checkpoint(5))).isInstanceOf(Sound.class);

        Broken broken = (Broken) prove(rebuilt, checkpoint(LAST));
        assertThat(broken.flaw()).isEqualTo(Flaw.REWRITTEN);
        assertThat(broken.sequence()).isEqualTo(LAST);
        assertThat(broken.why()).contains("from some event after 0 up to here");

        Broken narrowed = (Broken) prove(rebuilt, checkpoint(LAST), checkpoint(7), checkpoint(5));
        assertThat(narrowed.sequence()).isEqualTo(7);
        assertThat(narrowed.why()).contains("from some event after 5 up to here");
    }

    @Test
    void alteredTimesAreFoundWithACheckpointUnlessACopyIsAskedFor() {
        RawLedger retimed = LEDGER_OF_NINE.retimed(time -> time.plus(Duration.ofHours(1)));
        assertThat(prove(retimed)).isInstanceOf(Sound.class);
        Broken broken = (Broken) prove(retimed, checkpoint(LAST));
        assertThat(broken.flaw()).isEqualTo(Flaw.RETIMED);
        assertThat(broken.sequence()).isEqualTo(LAST);
        assertThat(prove(retimed, "another", new Checkpoints(List.of(checkpoint(LAST)), true)))
                .isInstanceOf(Sound.class);
    }

    @Test
    void aForeignCheckpoint() {
        assertThat(prove(LEDGER_OF_NINE, "another", new Checkpoints(List.of(checkpoint(LAST)), false)))
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.flaw()).isEqualTo(Flaw.FOREIGN_CHECKPOINT));
        Checkpoint other = new Checkpoint(
                "other",
                LEDGER,
                LAST,
                MEMORY.state().digest(),
                StateDigest.of(MEMORY.state()),
                MEMORY.state().ledgerTime(),
                SIGNED);
        assertThat(prove(LEDGER_OF_NINE, other))
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.flaw()).isEqualTo(Flaw.FOREIGN_CHECKPOINT));
    }

    @Test
    void anUnbrokenLedgerAgreesWithAllItsCheckpoints() {
        Checkpoint[] all = IntStream.of(1, 4, 5, 6, 7, 8, 9)
                .mapToObj(LedgerProofTest::checkpoint)
                .toArray(Checkpoint[]::new);
        assertThat(prove(LEDGER_OF_NINE, all)).isInstanceOf(Sound.class);
    }

    private static Broken assertBroken(RawLedger ledger, Flaw flaw, long sequence, long sound) {
        Verification proven = prove(ledger);
        assertThat(proven).isInstanceOf(Broken.class);
        Broken broken = (Broken) proven;
        assertThat(broken.flaw()).as(broken.why()).isEqualTo(flaw);
        assertThat(broken.sequence()).as(broken.why()).isEqualTo(sequence);
        assertThat(broken.extent().sequence() == sound || broken.extent().sequence() == sequence - 1)
                .as("sound up to %d", broken.extent().sequence())
                .isTrue();
        return broken;
    }

    private static Verification prove(RawLedger ledger, Checkpoint... checkpoints) {
        return prove(ledger, LEDGER, new Checkpoints(List.of(checkpoints), false));
    }

    private static Verification prove(RawLedger ledger, String id, Checkpoints checkpoints) {
        LedgerProof proof = new LedgerProof(ENVIRONMENT, id, checkpoints, UnaryOperator.identity());
        ledger.records().forEach(proof::take);
        return proof.end();
    }

    /** What somebody would have signed when so many events were there. */
    private static Checkpoint checkpoint(int sequence) {
        Extent extent = prove(LEDGER_OF_NINE.first(sequence)).extent();
        return Checkpoint.of(LEDGER, extent, SIGNED);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
