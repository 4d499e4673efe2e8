package io.flagledger.core.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flagledger.core.command.Refusal;
import io.flagledger.core.command.Refusal.Kind;
import io.flagledger.core.command.Verdict;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.event.Stage;
import io.flagledger.core.fold.Histories.History;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HistoriesTest {
    private static final List<History> SOME = Histories.many();

    @Test
    void aSeedAlwaysMakesTheSameHistory() {
        assertThat(Histories.of(7)).isEqualTo(Histories.of(7)).isNotEqualTo(Histories.of(8));
    }

    @Test
    void everyKindOfChangeAndEveryStageComesUp() {
        List<Change> changes = SOME.stream()
                .flatMap(history -> history.events().stream())
                .map(recorded -> recorded.event().change())
                .toList();
        Set<Class<?>> kinds = changes.stream().map(Change::getClass).collect(Collectors.toSet());
        assertThat(kinds).containsExactlyInAnyOrder(Change.class.getPermittedSubclasses());
        assertThat(flags().map(FlagState::stage)).containsAll(EnumSet.allOf(Stage.class));
        assertThat(flags().map(FlagState::killSwitch)).containsAll(EnumSet.allOf(KillSwitch.class));
        assertThat(flags().flatMap(flag -> flag.parents().stream()))
                .anyMatch(parent -> parent.variants().isEmpty())
                .anyMatch(parent -> !parent.variants().isEmpty());
    }

    @Test
    void someCommandsAreRefusedAndSomeAreBatches() {
        List<Verdict> verdicts =
                SOME.stream().flatMap(history -> history.verdicts().stream()).toList();
        assertThat(verdicts.stream().filter(Verdict.Refused.class::isInstance).count())
                .isBetween(verdicts.size() / 10L, verdicts.size() / 2L);
        assertThat(SOME.stream().flatMap(history -> history.events().stream()))
                .anyMatch(recorded -> recorded.event().batch().size() > 2);
    }

    @Test
    void everyKindOfChangeIsAlsoRefusedByItselfAndInABatch() {
        assertThat(refusedKinds(1, 1)).containsExactlyInAnyOrder(Change.class.getPermittedSubclasses());
        assertThat(refusedKinds(2, 4)).containsExactlyInAnyOrder(Change.class.getPermittedSubclasses());
    }

    @Test
    void everyRefusalComesUpThatNeedsNoBadText() {
        assertThat(refusals().map(Refusal::kind).collect(Collectors.toSet()))
                .contains(
                        Kind.BAD_COMMAND,
                        Kind.BAD_VARIANTS,
                        Kind.UNKNOWN_FLAG,
                        Kind.UNKNOWN_REVISION,
                        Kind.FLAG_EXISTS,
                        Kind.ARCHIVED_PARENT,
                        Kind.PARENT_CYCLE,
                        Kind.VARIANT_IN_USE,
                        Kind.FLAG_IN_USE,
                        Kind.STAGE_SKIPPED,
                        Kind.UNCHANGED,
                        Kind.REVISION_MOVED);
    }

    @Test
    void parentsHaveParentsAndFlagsAreRestoredAcrossEveryKindOfChange() {
        assertThat(SOME.stream().map(History::end))
                .anyMatch(state -> state.flags().sortedKeys().stream()
                        .anyMatch(flag -> state.withAncestors(List.of(flag)).size() > 3));
        Set<Class<?>> undone = new HashSet<>();
        for (History history : SOME) {
            for (Recorded recorded : history.events()) {
                if (recorded.event().change() instanceof Change.FlagRestored restored) {
                    history.events().stream()
                            .map(Recorded::event)
                            .filter(event -> event.flag().equals(restored.flag())
                                    && event.revision() > restored.revision()
                                    && event.revision() < recorded.event().revision())
                            .forEach(event -> undone.add(event.change().getClass()));
                }
            }
        }
        Set<Class<?>> kinds = new HashSet<>(Set.of(Change.class.getPermittedSubclasses()));
        kinds.remove(Change.FlagCreated.class); // nothing comes before it
        assertThat(undone).isEqualTo(kinds);
    }

    @Test
    void theBrokersClockSometimesGoesBack() {
        assertThat(SOME)
                .anyMatch(history -> IntStream.range(1, history.events().size())
                        .anyMatch(i -> time(history, i) < time(history, i - 1)));
    }

    @Test
    void aFailureIsReportedWithTheFewestCommands() {
        Histories.Law nobodyIsEverKilled =
                history -> assertThat(history.end().flags().sortedValues())
                        .noneMatch(flag -> flag.killSwitch() != KillSwitch.RELEASED);

        assertThatThrownBy(() -> Histories.obey(SOME, nobodyIsEverKilled))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("and still does with no more than these ")
                .hasMessageMatching("(?s).* these [1-5] of its \\d+ commands.*")
                .hasMessageContaining("KillSwitchEngaged");
    }

    /** The kinds of change that were refused in a command of so many changes. */
    private static Set<Class<?>> refusedKinds(int fewest, int most) {
        Set<Class<?>> kinds = new HashSet<>();
        for (History history : SOME) {
            for (int i = 0; i < history.commands().size(); i++) {
                int size = history.commands().get(i).changes().size();
                Change refused = history.verdicts().get(i) instanceof Verdict.Refused verdict
                        ? verdict.refusal().change()
                        : null;
                if (refused != null && size >= fewest && size <= most) {
                    kinds.add(refused.getClass());
                }
            }
        }
        return kinds;
    }

    private static Stream<Refusal> refusals() {
        return SOME.stream()
                .flatMap(history -> history.verdicts().stream())
                .filter(Verdict.Refused.class::isInstance)
                .map(verdict -> ((Verdict.Refused) verdict).refusal());
    }

    private static Stream<FlagState> flags() {
        return SOME.stream().flatMap(history -> history.end().flags().sortedValues().stream());
    }

    private static long time(History history, int index) {
        Recorded recorded = history.events().get(index);
        return recorded.appendedAt().toEpochMilli();
    }
}
