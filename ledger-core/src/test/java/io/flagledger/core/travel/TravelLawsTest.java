package io.flagledger.core.travel;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.fold.Histories;
import io.flagledger.core.fold.Histories.History;
import io.flagledger.core.fold.LastChange;
import io.flagledger.core.fold.MemoryLedger;
import io.flagledger.core.travel.Timeline.Edge;
import io.flagledger.core.travel.Timeline.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds for the past of every ledger, tried on {@value Histories#COUNT} random ones. */
class TravelLawsTest {
    @Test
    void aPositionIsTheFoldOfTheEventsUpToItWithoutABatchThatItTears() {
        obey(history -> {
            LedgerHistory travel = MemoryHistory.of(history);
            List<EnvironmentState> states = states(history);
            EnvironmentState whole = states.get(0);
            for (int n = 0; n < states.size(); n++) {
                whole = states.get(n).isWhole() ? states.get(n) : whole;
                assertThat(travel.at(Cut.at(n))).isEqualTo(whole);
            }
            assertThat(travel.at(Cut.now())).isEqualTo(history.end());
        });
    }

    @Test
    void aTimeIsTheStateAfterTheLastEventThatIsNotLater() {
        obey(history -> {
            LedgerHistory travel = MemoryHistory.of(history);
            List<EnvironmentState> states = states(history);
            RandomGenerator random = history.random();
            Set<Instant> times = new HashSet<>(Set.of(Instant.MIN, Instant.MAX));
            for (int i = 0; i < 4; i++) {
                Instant time = states.get(random.nextInt(states.size())).ledgerTime();
                times.add(random.nextBoolean() ? time : time.minusMillis(1));
            }
            for (Instant time : times) {
                EnvironmentState expected = states.get(0);
                for (EnvironmentState state : states) {
                    if (state.isWhole() && !state.ledgerTime().isAfter(time)) {
                        expected = state;
                    }
                }
                assertThat(travel.at(Cut.at(time))).isEqualTo(expected);
            }
        });
    }

    @Test
    void aDecisionAtAPositionIsTheOneOfAnEvaluatorThatStoodThere() {
        obey(history -> {
            LedgerHistory travel = MemoryHistory.of(history);
            RandomGenerator random = history.random();
            List<String> flags = history.end().flags().sortedKeys();
            for (CompiledEnvironment evaluator : evaluators(history)) {
                Cut cut = Cut.at(evaluator.state().sequence());
                String flag = flags.get(random.nextInt(flags.size()));
                Subject subject = Histories.subject(random);
                assertThat(travel.decisionAt(flag, subject, cut)).isEqualTo(evaluator.decide(flag, subject, false));
            }
        });
    }

    @Test
    void aTimelineSaysAtEachEventWhatAnEvaluatorSaidBeforeAndAfterIt() {
        obey(history -> {
            LedgerHistory travel = MemoryHistory.of(history);
            RandomGenerator random = history.random();
            List<CompiledEnvironment> evaluators = evaluators(history);
            for (String flag : history.end().flags().sortedKeys()) {
                Subject subject = Histories.subject(random);
                Timeline timeline = travel.timeline(flag, subject);
                Map<Long, Edge> edges = edges(timeline);
                boolean before = false;
                for (CompiledEnvironment evaluator : evaluators) {
                    Decision decision = evaluator.decide(flag, subject, false);
                    long sequence = evaluator.state().sequence();
                    Edge edge = edges.get(sequence);
                    assertThat(isOpenAt(timeline, sequence)).isEqualTo(decision.granted());
                    assertThat(edge != null)
                            .as("there is an edge where the answer turns, and nowhere else")
                            .isEqualTo(decision.granted() != before);
                    if (edge != null) {
                        assertThat(edge.decision()).isEqualTo(decision);
                        assertCause(history, flag, edge);
                    }
                    before = decision.granted();
                }
                assertThat(timeline.isOpen()).isEqualTo(before);
                assertThat(timeline.sequence()).isEqualTo(history.end().sequence());
                assertThat(timeline.at()).isEqualTo(history.end().ledgerTime());
            }
        });
    }

    /** The cause is of the batch that ends where the answer turned, and of the flag or one above it. */
    private static void assertCause(History history, String flag, Edge edge) {
        Recorded cause = edge.cause();
        long batchEnd = cause.event().sequence() + cause.event().batch().remaining();
        assertThat(batchEnd).isEqualTo(edge.decision().sequence());
        assertThat(history.after((int) cause.event().sequence()).withAncestors(List.of(flag)))
                .contains(cause.event().flag());
    }

    @Test
    void noDifferenceIsFoundWhereNothingButTheLastChangeDiffersAndSomeEverywhereElse() {
        obey(history -> {
            LedgerHistory travel = MemoryHistory.of(history);
            RandomGenerator random = history.random();
            long end = history.end().sequence();
            for (int i = 0; i < 2; i++) {
                Cut from = Cut.at(random.nextLong(end + 1));
                Cut to = Cut.at(random.nextLong(end + 1));
                EnvironmentDiff diff = travel.diff(from, to);
                assertThat(diff.from()).isEqualTo(travel.at(from));
                assertThat(diff.to()).isEqualTo(travel.at(to));
                assertThat(diff.isEmpty())
                        .isEqualTo(withoutLastChange(diff.from()).equals(withoutLastChange(diff.to())));
                assertThat(travel.diff(to, from).flags())
                        .extracting(EnvironmentDiff.FlagDiff::flag)
                        .isEqualTo(diff.flags().stream()
                                .map(EnvironmentDiff.FlagDiff::flag)
                                .toList());
            }
        });
    }

    @Test
    void eachRevisionIsToldWithWhatItChanged() {
        obey(history -> {
            LedgerHistory travel = MemoryHistory.of(history);
            int told = 0;
            for (FlagState flag : history.end().flags().sortedValues()) {
                FlagState before = null;
                List<Revision> revisions = travel.history(flag.key());
                for (Revision revision : revisions) {
                    told++;
                    EnvironmentState state =
                            history.after((int) revision.recorded().event().sequence());
                    assertThat(revision.after()).isEqualTo(state.flags().get(flag.key()));
                    assertThat(revision.recorded().appendedAt()).isEqualTo(state.ledgerTime());
                    assertThat(revision.differences())
                            .isEqualTo(before == null ? List.of() : Differences.between(before, revision.after()));
                    before = revision.after();
                }
                assertThat(before).isEqualTo(flag);
            }
            assertThat(told).isEqualTo(history.events().size());
        });
    }

    private static void obey(Histories.Law law) {
        Histories.obey(Histories.many(), law);
    }

    /** The state before the first event and after each. */
    private static List<EnvironmentState> states(History history) {
        List<EnvironmentState> states = new ArrayList<>();
        EnvironmentState state = EnvironmentState.empty(history.end().environment());
        states.add(state);
        for (Recorded event : history.events()) {
            state = Fold.apply(state, event);
            states.add(state);
        }
        return states;
    }

    /** One evaluator that lives through the history, at each position that it stands at. */
    private static List<CompiledEnvironment> evaluators(History history) {
        List<CompiledEnvironment> evaluators = new ArrayList<>();
        Set<String> changed = new HashSet<>();
        CompiledEnvironment standing =
                CompiledEnvironment.of(EnvironmentState.empty(history.end().environment()));
        List<EnvironmentState> states = states(history);
        for (int i = 1; i < states.size(); i++) {
            changed.add(history.events().get(i - 1).event().flag());
            if (states.get(i).isWhole()) {
                standing = standing.next(states.get(i), changed);
                evaluators.add(standing);
                changed.clear();
            }
        }
        return evaluators;
    }

    private static Map<Long, Edge> edges(Timeline timeline) {
        Map<Long, Edge> edges = new HashMap<>();
        for (Interval interval : timeline.intervals()) {
            edges.put(interval.from().decision().sequence(), interval.from());
            Edge until = interval.until();
            if (until != null) {
                edges.put(until.decision().sequence(), until);
            }
        }
        return edges;
    }

    private static boolean isOpenAt(Timeline timeline, long sequence) {
        return timeline.intervals().stream().anyMatch(interval -> {
            @Nullable Edge until = interval.until();
            return interval.from().decision().sequence() <= sequence
                    && (until == null || until.decision().sequence() > sequence);
        });
    }

    private static List<FlagState> withoutLastChange(EnvironmentState state) {
        LastChange never = new LastChange(0, 0, Instant.EPOCH, MemoryLedger.ACTOR, "");
        return state.flags().sortedValues().stream()
                .map(flag -> new FlagState(flag.key(), flag.type(), flag.definition(), never))
                .toList();
    }
}
