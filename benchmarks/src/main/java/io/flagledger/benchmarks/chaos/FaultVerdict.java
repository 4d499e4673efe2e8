package io.flagledger.benchmarks.chaos;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Recorded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Holds all that was told during a run against the ledger that is there in the end. */
final class FaultVerdict {
    /** How long evaluators may take to be at the end when all is well; five times as long to be current again after trouble. */
    private static final Duration CONVERGENCE = Duration.ofSeconds(12);

    private static final String CUT = "cut";

    private final FaultPlan plan;
    private final Path folder;
    private final List<Recorded> ledger;
    private final List<Fault.Spell> spells;
    private final KnownStates known = new KnownStates();
    private final NavigableMap<Long, Long> acknowledged = new TreeMap<>();
    private final Map<String, Long> acknowledgedAt = new HashMap<>();
    private final Map<String, LedgerTimes.Call> calls = new HashMap<>();
    private final Map<String, Long> counts;
    private final List<String> problems = new ArrayList<>();
    private final long wallMinusNanos = System.currentTimeMillis() * 1_000_000 - System.nanoTime();

    /**
     * @param ledger all events, as they were written; the last is none of the writers'
     * @param counts what is known so far, to be added to
     */
    FaultVerdict(
            FaultPlan plan, Path folder, List<Recorded> ledger, List<Fault.Spell> spells, Map<String, Long> counts) {
        this.plan = plan;
        this.folder = folder;
        this.ledger = ledger;
        this.spells = spells;
        this.counts = counts;
        List<Recorded> batch = new ArrayList<>();
        for (Recorded recorded : ledger) {
            batch.add(recorded);
            if (batch.size() == recorded.event().batch().size()) {
                known.add(WriterProcess.ENVIRONMENT, batch);
                batch.clear();
            }
        }
    }

    /** The state at each position. */
    KnownStates known() {
        return known;
    }

    List<String> problems() {
        return problems;
    }

    /** What writers were told: nothing acknowledged is lost, nothing is there twice, each refusal is right. */
    void judgeWriters() throws IOException {
        Model model = new Model(new Commands(plan.seed()), ledger.subList(0, ledger.size() - 1));
        long[] accepted = new long[2];
        Map<String, Long> refusals = new TreeMap<>();
        Fates fates = new Fates();
        for (int writer = 0; writer < plan.writers(); writer++) {
            List<Journal.Line> journal = Journal.read(folder, writer);
            int commands = journal.stream().mapToInt(Journal.Line::number).max().orElse(-1) + 1;
            model.judge(writer, commands, journal);
            fates.read(journal);
            Map<Integer, Long> sent = new HashMap<>();
            for (Journal.Line line : journal) {
                switch (line.kind()) {
                    case SENT -> sent.putIfAbsent(line.number(), line.nanos());
                    case ACCEPTED -> {
                        accepted[plan.isHttp(writer) ? 1 : 0]++;
                        String id = WriterProcess.changeId(writer, line.number());
                        acknowledged.merge(line.nanos(), line.position(), Math::max);
                        acknowledgedAt.put(id, line.nanos());
                        calls.put(
                                id,
                                new LedgerTimes.Call(
                                        wall(sent.getOrDefault(line.number(), Long.MIN_VALUE)), wall(line.nanos())));
                    }
                    case REFUSED -> refusals.merge("  as " + line.detail(), 1L, Long::sum);
                    case UNKNOWN -> {}
                }
            }
        }
        long highest = 0;
        for (Map.Entry<Long, Long> entry : acknowledged.entrySet()) {
            highest = Math.max(highest, entry.getValue());
            entry.setValue(highest);
        }
        counts.put("changes acknowledged to writers at Kafka", accepted[0]);
        counts.put("changes acknowledged over HTTP", accepted[1]);
        counts.put("events in the ledger", (long) ledger.size());
        counts.put(
                "changes refused",
                refusals.values().stream().mapToLong(Long::longValue).sum());
        counts.putAll(refusals);
        fates.count(counts);
        counts.put("  refused by one server, then done by the first", model.doneAfterRefusal());
        problems.addAll(model.verdict());
    }

    /** Ledger times; to be called after {@link #judgeWriters}, as all below. */
    void judgeTimes() {
        List<Instant> ledgerTimes = IntStream.rangeClosed(1, ledger.size())
                .mapToObj(sequence -> known.whole(WriterProcess.ENVIRONMENT, sequence))
                .filter(Objects::nonNull)
                .map(state -> requireNonNull(state).ledgerTime())
                .toList();
        LedgerTimes times = new LedgerTimes(ledger, ledgerTimes, calls);
        problems.addAll(times.problems());
        times.count(counts);
    }

    /**
     * What evaluators said and decided, and when kill switches reached them.
     *
     * @param observations of each process
     * @param end when the last event was acknowledged
     */
    void judgeEvaluators(List<Path> observations, long end) throws IOException {
        acknowledged.put(end, (long) ledger.size());
        EvaluatorVerdict verdict = new EvaluatorVerdict(
                new EvaluatorPlan(
                        plan.evaluatorJvms(),
                        plan.evaluatorsPerJvm(),
                        0,
                        plan.length(),
                        plan.betweenFaults(),
                        plan.longestFault(),
                        FaultTown.STALE_AFTER,
                        CONVERGENCE,
                        plan.seed()),
                WriterProcess.ENVIRONMENT,
                known,
                acknowledged,
                felt(),
                spell -> spell.kind().equals(CUT),
                spell -> true,
                end);
        for (int process = 0; process < observations.size(); process++) {
            if (Files.exists(observations.get(process))) {
                verdict.read(process, observations.get(process));
            }
        }
        KillArrivals arrivals = new KillArrivals(spells);
        List<KillArrivals.Kill> kills = new ArrayList<>();
        for (Recorded recorded : ledger) {
            Long told = acknowledgedAt.get(recorded.event().changeId());
            if (told != null && KillArrivals.isKill(recorded)) {
                kills.add(new KillArrivals.Kill(recorded.event().sequence(), told));
            }
        }
        verdict.moments()
                .forEach((evaluator, moments) ->
                        arrivals.judge(evaluator, evaluator / plan.evaluatorsPerJvm(), moments, kills));
        counts.put("kill switches engaged", (long) kills.size());
        arrivals.count(counts);
        Staleness staleness = new Staleness(acknowledged);
        verdict.moments().values().forEach(staleness::read);
        staleness.count(counts);
        problems.addAll(verdict.report(counts, Duration.ZERO).problems());
        problems.addAll(arrivals.problems());
    }

    /** As evaluators feel it: a broker's trouble is everybody's. */
    private List<Trouble.Spell> felt() {
        List<Trouble.Spell> felt = new ArrayList<>();
        for (Fault.Spell spell : spells) {
            if (spell.isOf(Member.Role.BROKER)) {
                felt.add(new Trouble.Spell(
                        spell.kind() + " of a broker", Trouble.EVERYBODY, spell.from(), spell.to(), spell.over()));
            } else if (spell.isOf(Member.Role.EVALUATORS)) {
                String kind =
                        spell.kind() == Fault.Kind.CUT ? CUT : spell.kind().name();
                for (Member member : spell.whom()) {
                    felt.add(new Trouble.Spell(kind, member.number(), spell.from(), spell.to(), spell.over()));
                }
            }
        }
        return felt;
    }

    private Instant wall(long nanos) {
        long wall = nanos + wallMinusNanos;
        return Instant.ofEpochSecond(wall / 1_000_000_000, wall % 1_000_000_000);
    }
}
