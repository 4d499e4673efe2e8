package io.flagledger.benchmarks.chaos;

import io.flagledger.core.codec.StateDigest;
import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.fold.EnvironmentState;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Holds what evaluators said and decided against what the ledger was, and what they claimed against what was acknowledged. */
final class EvaluatorVerdict {
    private static final int COMPILED = 200;

    /** What is kept of an observation to judge the times. */
    record Moment(long from, long to, boolean current, long sequence) {}

    private final EvaluatorPlan plan;
    private final String environment;
    private final KnownStates known;
    private final NavigableMap<Long, Long> acknowledged;
    private final List<Trouble.Spell> spells;
    private final Predicate<Trouble.Spell> isSilence;
    private final Predicate<Trouble.Spell> isFelt;
    private final long end;
    private final long last;

    private final Map<Long, String> digests = new HashMap<>();
    private final Map<Long, CompiledEnvironment> compiled = new LinkedHashMap<>(COMPILED, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, CompiledEnvironment> eldest) {
            return size() > COMPILED;
        }
    };
    private final Map<Integer, List<Moment>> moments = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private long observations;
    private long torn;
    private long current;
    private long decisions;
    private long granted;
    private long lateToLearn;

    /** @param end when all trouble was over and the last change acknowledged */
    EvaluatorVerdict(
            EvaluatorPlan plan, String environment, SteadyWriter writer, List<Trouble.Spell> spells, long end) {
        this(
                plan,
                environment,
                writer.known(),
                writer.acknowledged(),
                spells,
                EvaluatorChaos::isSilence,
                EvaluatorChaos::isFelt,
                end);
    }

    /**
     * @param known the state at each position
     * @param acknowledged the highest sequence that was acknowledged by each moment at which an append returned
     * @param isSilence whether no word can come from Kafka during it
     * @param isFelt whether evaluators notice it at all
     */
    EvaluatorVerdict(
            EvaluatorPlan plan,
            String environment,
            KnownStates known,
            NavigableMap<Long, Long> acknowledged,
            List<Trouble.Spell> spells,
            Predicate<Trouble.Spell> isSilence,
            Predicate<Trouble.Spell> isFelt,
            long end) {
        this.plan = plan;
        this.environment = environment;
        this.known = known;
        this.acknowledged = acknowledged;
        this.spells = spells;
        this.isSilence = isSilence;
        this.isFelt = isFelt;
        this.end = end;
        this.last = known.last(environment).sequence();
    }

    /** Takes in what the evaluators of one process did. */
    void read(int process, Path file) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Observation seen = seen(line);
                if (seen == null) {
                    torn++;
                } else {
                    judge(process, seen);
                }
            }
        }
    }

    /** Null if the process was killed while it wrote the line. */
    private static @Nullable Observation seen(String line) {
        try {
            return Observation.of(line);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return null;
        }
    }

    /** What each evaluator said, in order. */
    Map<Integer, List<Moment>> moments() {
        return moments;
    }

    void judge(int process, Observation seen) {
        observations++;
        if (seen.state().equals(Observation.FAILED)) {
            problems.add("evaluator %d threw %s".formatted(seen.evaluator(), seen.digest()));
            return;
        }
        List<Moment> before = moments.computeIfAbsent(seen.evaluator(), number -> new ArrayList<>());
        if (!before.isEmpty() && before.get(before.size() - 1).sequence() > seen.sequence()) {
            problems.add("evaluator %d went back to %d".formatted(seen.evaluator(), seen.sequence()));
        }
        before.add(new Moment(seen.from(), seen.to(), seen.isCurrent(), seen.sequence()));
        if (!seen.digest().equals(digest(seen.sequence()))) {
            problems.add("evaluator %d holds another state at %d than the ledger had, or one within a batch"
                    .formatted(seen.evaluator(), seen.sequence()));
        }
        if (seen.isCurrent()) {
            current++;
            judgeClaim(process, seen);
        }
        seen.decisions().forEach(answer -> judge(seen, answer));
    }

    private @Nullable String digest(long sequence) {
        return digests.computeIfAbsent(sequence, at -> {
            EnvironmentState state = known.whole(environment, at);
            return state == null ? "none" : StateDigest.of(state).toString();
        });
    }

    private void judgeClaim(int process, Observation seen) {
        long bound = seen.from() - plan.staleAfter().toNanos();
        if (mustBeSeen(bound) > seen.sequence()) {
            problems.add("evaluator %d called itself current at %d, but %d had been acknowledged %d ms before"
                    .formatted(
                            seen.evaluator(),
                            seen.sequence(),
                            mustBeSeen(bound),
                            millis(seen.from() - acknowledgedAt(seen.sequence() + 1))));
        }
        for (Trouble.Spell spell : spells) {
            if (isSilence.test(spell) && spell.isOf(process) && bound > spell.from() && seen.to() < spell.to()) {
                problems.add("evaluator %d called itself current %d ms after the %s began"
                        .formatted(seen.evaluator(), millis(seen.from() - spell.from()), spell.kind()));
            }
        }
    }

    private long mustBeSeen(long time) {
        Map.Entry<Long, Long> entry = acknowledged.floorEntry(time);
        return entry == null ? 0 : entry.getValue();
    }

    private long acknowledgedAt(long sequence) {
        return acknowledged.entrySet().stream()
                .filter(entry -> entry.getValue() >= sequence)
                .mapToLong(Map.Entry::getKey)
                .findFirst()
                .orElse(end);
    }

    private void judge(Observation seen, Observation.Answer answer) {
        decisions++;
        CompiledEnvironment at = compiled.computeIfAbsent(answer.sequence(), sequence -> {
            EnvironmentState state = known.whole(environment, sequence);
            return state == null
                    ? CompiledEnvironment.of(EnvironmentState.empty(environment))
                    : CompiledEnvironment.of(state);
        });
        String right = Observation.Answer.outcome(at.decide(answer.flag(), answer.subject(), false));
        granted += right.startsWith("true") ? 1 : 0;
        if (!right.equals(answer.outcome())) {
            problems.add("evaluator %d decided '%s' of %s for %s of %s at %d, where it is '%s'"
                    .formatted(
                            seen.evaluator(),
                            answer.outcome(),
                            answer.flag(),
                            answer.user(),
                            answer.org(),
                            answer.sequence(),
                            right));
        }
        if (!answer.stale() && mustBeSeen(seen.from() - plan.staleAfter().toNanos()) > answer.sequence()) {
            lateToLearn++; // only the watch's next look tells decisions, the status tells itself
        }
    }

    Report report(Map<String, Long> counts, Duration time) {
        List<Long> recoveries = recoveries();
        List<Long> convergences = convergences();
        counts.put("looks at an evaluator", observations);
        counts.put("  that called itself current", current);
        counts.put("  torn by a kill, and not judged", torn);
        counts.put("decisions, equal to the fold's at their position", decisions - wrongDecisions());
        counts.put("  that granted access", granted);
        counts.put("  that were told to be stale too late", lateToLearn);
        counts.put("recoveries", (long) recoveries.size());
        counts.put("  p50, ms", quantile(recoveries, 0.5));
        counts.put("  p99, ms", quantile(recoveries, 0.99));
        counts.put("  slowest, ms", quantile(recoveries, 1));
        counts.put("all alike after the end, ms", quantile(convergences, 1));
        return new Report(counts, time, problems);
    }

    private long wrongDecisions() {
        return problems.stream()
                .filter(problem -> problem.contains(" decided "))
                .count();
    }

    /** How long each evaluator took to be current after each trouble that no other one followed before it was. */
    private List<Long> recoveries() {
        List<Long> all = new ArrayList<>();
        for (Trouble.Spell spell : spells) {
            if (!isFelt.test(spell)) {
                continue;
            }
            moments.forEach((evaluator, seen) -> {
                int process = evaluator / plan.evaluatorsPerJvm();
                if (!spell.isOf(process)) {
                    return;
                }
                long recovered = seen.stream()
                        .filter(moment -> moment.from() >= spell.over() && moment.current())
                        .mapToLong(Moment::to)
                        .findFirst()
                        .orElse(Long.MAX_VALUE);
                boolean undisturbed = spells.stream()
                        .noneMatch(other -> !other.equals(spell)
                                && isFelt.test(other)
                                && other.isOf(process)
                                && other.from()
                                        < Math.min(
                                                recovered,
                                                spell.over() + recovery().toNanos())
                                && other.over() > spell.over());
                if (undisturbed) {
                    long took = recovered == Long.MAX_VALUE ? Long.MAX_VALUE : millis(recovered - spell.over());
                    all.add(took);
                    if (took > recovery().toMillis()) {
                        problems.add("evaluator %d was not current %d ms after the %s was over"
                                .formatted(evaluator, recovery().toMillis(), spell.kind()));
                    }
                }
            });
        }
        return all;
    }

    private List<Long> convergences() {
        List<Long> all = new ArrayList<>();
        moments.forEach((evaluator, seen) -> {
            long there = seen.stream()
                    .filter(moment -> moment.to() >= end && moment.current() && moment.sequence() == last)
                    .mapToLong(Moment::to)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
            long took = there == Long.MAX_VALUE ? Long.MAX_VALUE : millis(there - end);
            all.add(took);
            if (took > plan.convergence().toMillis()) {
                problems.add("evaluator %d was not at the end, %d, within %d ms (but %s)"
                        .formatted(
                                evaluator,
                                last,
                                plan.convergence().toMillis(),
                                took == Long.MAX_VALUE
                                        ? "never, and was at "
                                                + seen.get(seen.size() - 1).sequence()
                                        : took + " ms"));
            }
        });
        if (moments.size() != plan.jvms() * plan.evaluatorsPerJvm()) {
            problems.add("only %d evaluators were ever looked at".formatted(moments.size()));
        }
        return all;
    }

    private Duration recovery() {
        return plan.convergence().multipliedBy(5);
    }

    private static long millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
    }

    private static long quantile(List<Long> values, double share) {
        long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted.length == 0 ? -1 : sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))];
    }
}
