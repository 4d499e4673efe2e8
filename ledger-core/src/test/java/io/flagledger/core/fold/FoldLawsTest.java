package io.flagledger.core.fold;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.command.Command;
import io.flagledger.core.command.Verdict;
import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.event.Stage;
import io.flagledger.core.fold.Histories.History;
import io.flagledger.core.json.LedgerJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for every history, tried on {@value Histories#COUNT} random ones. */
class FoldLawsTest {
    private static final int SUBJECTS = 6;

    @Test
    void replayFromScratchEqualsWhatWasFoldedLive() {
        obey(history -> {
            List<Recorded> read =
                    history.events().stream().map(FoldLawsTest::throughBytes).toList();
            EnvironmentState replayed =
                    Fold.replay(EnvironmentState.empty(history.end().environment()), read);
            assertThat(replayed).isEqualTo(history.end()).hasSameHashCodeAs(history.end());
        });
    }

    @Test
    void aSnapshotAndTheRestEqualTheWhole() {
        obey(history -> {
            int cut = wholeCut(history);
            EnvironmentState snapshot = throughBytes(history.after(cut), cut);
            List<Recorded> rest = history.events().subList(cut, history.events().size());
            assertThat(Fold.replay(snapshot, rest)).isEqualTo(history.end());
        });
    }

    @Test
    void aRefusedCommandLeavesTheStateAndTheLedger() {
        obey(history -> {
            MemoryLedger ledger = MemoryLedger.gastown();
            for (Command command : history.commands()) {
                EnvironmentState before = ledger.state();
                int size = ledger.events().size();
                Verdict verdict = ledger.submit(command);
                if (verdict instanceof Verdict.Refused) {
                    assertThat(ledger.state()).isSameAs(before);
                    assertThat(ledger.events()).hasSize(size);
                } else {
                    int more = command.changes().size();
                    assertThat(ledger.state().sequence()).isEqualTo(before.sequence() + more);
                    assertThat(ledger.events()).hasSize(size + more);
                }
            }
        });
    }

    @Test
    void everyEventFollowsTheOneBeforeIt() {
        obey(history -> {
            for (int i = 1; i < history.events().size(); i++) {
                Recorded event = history.events().get(i);
                Recorded before = history.events().get(i - 1);
                assertThat(event.previousDigest()).isEqualTo(before.digest());
                assertThat(event.event().sequence()).isEqualTo(before.event().sequence() + 1);
            }
        });
    }

    @Test
    void killAndReleaseChangeNothingButTheLastChange() {
        obey(history -> {
            MemoryLedger ledger = MemoryLedger.gastown();
            history.commands().forEach(ledger::submit);
            for (FlagState before : ledger.state().flags().sortedValues()) {
                if (before.killSwitch() == KillSwitch.RELEASED) {
                    List<FlagState> others = others(ledger, before.key());
                    ledger.accept(
                            new Change.KillSwitchEngaged(before.key(), KillSwitch.ALL_ACCESS),
                            new Change.KillSwitchReleased(before.key()));
                    FlagState after = ledger.flag(before.key());
                    assertThat(after.lastChange().revision())
                            .isEqualTo(before.lastChange().revision() + 2);
                    assertThat(after.definition()).isEqualTo(before.definition());
                    assertThat(others(ledger, before.key())).isEqualTo(others);
                }
            }
        });
    }

    private static List<FlagState> others(MemoryLedger ledger, String flag) {
        return ledger.state().flags().sortedValues().stream()
                .filter(other -> !other.key().equals(flag))
                .toList();
    }

    @Test
    void raisingAPercentageRemovesNobody() {
        obey(history -> {
            RandomGenerator random = history.random();
            for (FlagState flag : history.end().flags().sortedValues()) {
                int low = random.nextInt(Percentage.WHOLE);
                int high = low + random.nextInt(Percentage.WHOLE - low + 1);
                CompiledEnvironment before = with(history, at(flag, Stage.PERCENTAGE, new Percentage(low)));
                CompiledEnvironment after = with(history, at(flag, Stage.PERCENTAGE, new Percentage(high)));
                assertKeepsAll(flag.key(), before, after, Histories.subjects(random, SUBJECTS));
            }
        });
    }

    @Test
    void eachStageAdmitsAllWhomTheOneBeforeItAdmits() {
        obey(history -> {
            RandomGenerator random = history.random();
            Percentage share = new Percentage(random.nextInt(Percentage.WHOLE + 1));
            for (FlagState flag : history.end().flags().sortedValues()) {
                List<Subject> subjects = Histories.subjects(random, SUBJECTS);
                List<CompiledEnvironment> stages = new ArrayList<>();
                for (Stage stage : Stage.values()) {
                    stages.add(with(history, at(flag, stage, stage == Stage.PERCENTAGE ? share : Percentage.ZERO)));
                }
                IntStream.range(1, stages.size())
                        .forEach(i -> assertKeepsAll(flag.key(), stages.get(i - 1), stages.get(i), subjects));
            }
        });
    }

    @Test
    void whoIsAdmittedIsAdmittedByEveryParentWithAVariantAskedFor() {
        obey(history -> {
            CompiledEnvironment compiled = CompiledEnvironment.of(history.end());
            for (Subject subject : Histories.subjects(history.random(), SUBJECTS)) {
                for (FlagState child : history.end().flags().sortedValues()) {
                    if (!compiled.decide(child.key(), subject, false).granted()) {
                        continue;
                    }
                    for (Parent parent : child.parents()) {
                        Decision above = compiled.decide(parent.flag(), subject, false);
                        assertThat(above.granted()).isTrue();
                        assertThat(parent.variants().isEmpty()
                                        || parent.variants().contains(above.variant()))
                                .isTrue();
                    }
                }
            }
        });
    }

    @Test
    void ledgerTimeNeverGoesBack() {
        obey(history -> {
            EnvironmentState state = EnvironmentState.empty(history.end().environment());
            for (Recorded event : history.events()) {
                EnvironmentState after = Fold.apply(state, event);
                assertThat(after.ledgerTime()).isEqualTo(later(state.ledgerTime(), event.appendedAt()));
                state = after;
            }
        });
    }

    @Test
    void anEventIsTheSameAfterEncodingAndDecoding() {
        obey(history -> history.events()
                .forEach(event -> assertThat(throughBytes(event)).isEqualTo(event)));
    }

    @Test
    void aStateEntryIsTheSameAfterEncodingAndDecoding() {
        obey(history ->
                assertThat(throughBytes(history.end(), history.events().size())).isEqualTo(history.end()));
    }

    @Test
    void aChangeIsTheSameAfterWritingAndReadingItAsJson() {
        obey(history -> history.events().forEach(event -> {
            Change change = event.event().change();
            String text = LedgerJson.print(LedgerJson.change(change));
            assertThat(LedgerJson.readChange(LedgerJson.parse(text), "")).isEqualTo(asAskedFor(change));
        }));
    }

    /** What a restoration is to restore is never taken from whoever asks for it. */
    private static Change asAskedFor(Change change) {
        return change instanceof Change.FlagRestored restored
                ? Change.FlagRestored.to(restored.flag(), restored.revision())
                : change;
    }

    @Test
    void aRestoredFlagIsInEverythingWhatItWasAtThatRevision() {
        obey(history -> {
            Map<String, Definition> definitions = new HashMap<>();
            EnvironmentState state = EnvironmentState.empty("gastown-test");
            for (Recorded recorded : history.events()) {
                state = Fold.apply(state, recorded);
                Definition now = requireNonNull(
                                state.flags().get(recorded.event().flag()))
                        .definition();
                definitions.put(recorded.event().flag() + "/" + recorded.event().revision(), now);
                if (recorded.event().change() instanceof Change.FlagRestored restored) {
                    assertThat(now).isEqualTo(definitions.get(restored.flag() + "/" + restored.revision()));
                }
            }
        });
    }

    private static void obey(Histories.Law law) {
        Histories.obey(Histories.many(), law);
    }

    private static FlagState at(FlagState flag, Stage stage, Percentage share) {
        Definition moved = Draft.edited(flag.definition(), draft -> {
            draft.stage = stage;
            draft.percentage = share;
        });
        return flag.defined(moved, flag.lastChange());
    }

    private static CompiledEnvironment with(History history, FlagState flag) {
        EnvironmentState end = history.end();
        return CompiledEnvironment.of(new EnvironmentState(
                end.environment(),
                end.sequence(),
                end.digest(),
                end.ledgerTime(),
                end.batchRemaining(),
                end.flags().with(flag.key(), flag)));
    }

    private static void assertKeepsAll(
            String flag, CompiledEnvironment before, CompiledEnvironment after, List<Subject> subjects) {
        for (Subject subject : subjects) {
            if (before.decide(flag, subject, false).granted()) {
                assertThat(after.decide(flag, subject, false).granted())
                        .as("%s is still admitted to %s", subject, flag)
                        .isTrue();
            }
        }
    }

    /** A place where the history may be cut without tearing a batch. */
    private static int wholeCut(History history) {
        int cut = history.random().nextInt(history.events().size() + 1);
        while (!history.after(cut).isWhole()) {
            cut++;
        }
        return cut;
    }

    private static Recorded throughBytes(Recorded event) {
        byte[] bytes = EventCodec.encode(event.event(), event.previousDigest()).value();
        return EventCodec.decode(bytes, event.appendedAt());
    }

    private static EnvironmentState throughBytes(EnvironmentState state, long offset) {
        Head head = (Head) throughBytes(new Head(
                state.environment(),
                "ledger",
                state.sequence(),
                state.digest(),
                state.ledgerTime(),
                offset,
                state.flags().size()));
        assertThat(head.eventOffset()).isEqualTo(offset);
        assertThat(head.ledgerId()).isEqualTo("ledger");
        FlagMap<FlagState> flags = FlagMap.empty();
        for (FlagState flag : state.flags().sortedValues()) {
            StateEntry.Flag read = (StateEntry.Flag) throughBytes(new StateEntry.Flag(state.environment(), flag));
            flags = flags.with(read.state().key(), read.state());
        }
        assertThat(head.flags()).isEqualTo(flags.size());
        return new EnvironmentState(head.environment(), head.sequence(), head.digest(), head.ledgerTime(), 0, flags);
    }

    private static StateEntry throughBytes(StateEntry entry) {
        return StateCodec.decode(StateCodec.encode(entry));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
