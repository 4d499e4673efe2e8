package io.flagledger.benchmarks.chaos;

import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Recorded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * How long each kill switch that was acknowledged took to reach each evaluator. It is counted from the acknowledgement, or from the end of what stood in the way:
 * fewer than a majority of brokers, or the evaluator's own process in trouble.
 */
final class KillArrivals {
    /** How long it may take where nothing of it was in trouble: after that an evaluator must say that it is stale. */
    static final Duration BOUND = FaultTown.STALE_AFTER;

    /** How long it may take after, or during, trouble: the leader's session, an election, and a client that finds the new leader. */
    static final Duration BOUND_AFTER_TROUBLE = Duration.ofSeconds(30);

    /** For how long after its end trouble is held to be felt. */
    private static final Duration FELT = Duration.ofSeconds(15);

    /** One kill switch, from the moment at which it was acknowledged. */
    record Kill(long sequence, long acknowledged) {}

    private final List<long[]> noMajority;
    private final List<Fault.Spell> spells;
    private final List<Long> undisturbed = new ArrayList<>();
    private final List<Long> disturbed = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    KillArrivals(List<Fault.Spell> spells) {
        this.spells = spells;
        this.noMajority = noMajority(spells);
    }

    static boolean isKill(Recorded recorded) {
        return recorded.event().change() instanceof KillSwitchEngaged;
    }

    /** Takes in one evaluator, which is in this process, and what it said, in order. */
    void judge(int evaluator, int process, List<EvaluatorVerdict.Moment> moments, List<Kill> kills) {
        List<long[]> blocked = new ArrayList<>(noMajority);
        List<long[]> felt = new ArrayList<>();
        for (Fault.Spell spell : spells) {
            if (spell.isOf(Member.Role.EVALUATORS, process)) {
                blocked.add(new long[] {spell.from(), spell.over()});
            }
            if (spell.isOf(Member.Role.EVALUATORS, process) || spell.isOf(Member.Role.BROKER)) {
                felt.add(new long[] {spell.from(), spell.over() + FELT.toNanos()});
            }
        }
        blocked.sort(Comparator.comparingLong(one -> one[0]));
        int next = 0;
        for (Kill kill : kills) {
            while (next < moments.size() && moments.get(next).sequence() < kill.sequence()) {
                next++;
            }
            if (next == moments.size()) {
                problems.add("kill %d never reached evaluator %d".formatted(kill.sequence(), evaluator));
                continue;
            }
            judge(evaluator, kill, moments.get(next).to(), blocked, felt);
        }
    }

    private void judge(int evaluator, Kill kill, long arrived, List<long[]> blocked, List<long[]> felt) {
        long from = kill.acknowledged();
        for (long[] spell : blocked) {
            if (spell[0] < arrived && spell[1] > from) {
                from = spell[1];
            }
        }
        boolean isDisturbed = felt.stream().anyMatch(spell -> spell[0] < arrived && spell[1] > kill.acknowledged());
        long took = Math.max(0, arrived - from);
        (isDisturbed ? disturbed : undisturbed).add(took);
        if (took > (isDisturbed ? BOUND_AFTER_TROUBLE : BOUND).toNanos()) {
            problems.add("kill %d reached evaluator %d after %d ms, %s"
                    .formatted(
                            kill.sequence(),
                            evaluator,
                            took / 1_000_000,
                            isDisturbed ? "counted from the end of trouble" : "though nothing was in trouble"));
        }
    }

    /** When fewer than two of three brokers were there. */
    private static List<long[]> noMajority(List<Fault.Spell> spells) {
        List<long[]> edges = new ArrayList<>();
        for (Fault.Spell spell : spells) {
            for (Member member : spell.whom()) {
                if (member.role() == Member.Role.BROKER) {
                    edges.add(new long[] {spell.from(), 1});
                    edges.add(new long[] {spell.over(), -1});
                }
            }
        }
        edges.sort(Comparator.comparingLong((long[] edge) -> edge[0]).thenComparingLong(edge -> edge[1]));
        List<long[]> found = new ArrayList<>();
        long away = 0;
        long since = 0;
        for (long[] edge : edges) {
            if (away < 2 && away + edge[1] >= 2) {
                since = edge[0];
            } else if (away >= 2 && away + edge[1] < 2) {
                found.add(new long[] {since, edge[0]});
            }
            away += edge[1];
        }
        return found;
    }

    List<String> problems() {
        return problems;
    }

    void count(Map<String, Long> counts) {
        counts.put("times without a majority of brokers", (long) noMajority.size());
        counts.put(
                "  longest, ms",
                noMajority.stream()
                        .mapToLong(one -> (one[1] - one[0]) / 1_000_000)
                        .max()
                        .orElse(0));
        count(counts, "undisturbed", undisturbed);
        count(counts, "amid trouble", disturbed);
    }

    private static void count(Map<String, Long> counts, String how, List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        counts.put("kill switches times evaluators, " + how, (long) sorted.size());
        if (!sorted.isEmpty()) {
            counts.put("  p50, ms, " + how, sorted.get(sorted.size() / 2) / 1_000_000);
            counts.put("  p99, ms, " + how, sorted.get((int) (sorted.size() * 0.99)) / 1_000_000);
            counts.put("  slowest, ms, " + how, sorted.get(sorted.size() - 1) / 1_000_000);
        }
    }
}
