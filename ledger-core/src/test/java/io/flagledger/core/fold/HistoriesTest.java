package io.flagledger.core.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flagledger.core.command.Verdict;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.event.Stage;
import io.flagledger.core.fold.Histories.History;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HistoriesTest {
    private static final List<History> SOME = Histories.first(300);

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

    private static Stream<FlagState> flags() {
        return SOME.stream().flatMap(history -> history.end().flags().sortedValues().stream());
    }

    private static long time(History history, int index) {
        Recorded recorded = history.events().get(index);
        return recorded.appendedAt().toEpochMilli();
    }
}
