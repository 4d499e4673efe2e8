package io.flagledger.benchmarks.chaos;

import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerReader;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerVerifier;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.core.kafka.Progress;
import io.flagledger.core.proof.Checkpoints;
import io.flagledger.core.proof.Verification;
import io.flagledger.server.auth.LocalAuth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A whole town on three brokers (projectors, servers, evaluators, writers, each a process with a network of its own) in which processes are killed and paused, wires
 * cut, disks filled and clocks put wrong at random. What everybody was told is held against the ledger that is there in the end.
 */
public final class FaultRun implements AutoCloseable {
    private static final long TICK_NANOS = 200_000_000;

    private final FaultPlan plan;
    private final Path folder;
    private final FaultTown town;
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private volatile boolean closing;

    private FaultRun(FaultPlan plan, Path folder) throws IOException, InterruptedException {
        this.plan = plan;
        this.folder = folder;
        this.town = new FaultTown(plan, folder);
    }

    /** Runs for twenty minutes, or for as many seconds as are given, from a seed that may be given as well. The exit status is 1 if anything was wrong. */
    public static void main(String[] arguments) throws Exception {
        Duration length =
                arguments.length > 0 ? Duration.ofSeconds(Long.parseLong(arguments[0])) : Duration.ofMinutes(20);
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.currentTimeMillis();
        System.out.println("seed " + seed);
        Path folder = Files.createTempDirectory("fault-run");
        Report report = run(FaultPlan.full(length, seed), folder);
        System.out.println(report);
        System.out.println("report, journals and logs are in " + folder);
        System.exit(report.problems().isEmpty() ? 0 : 1);
    }

    /** Runs a plan in a folder that is empty, and leaves {@code report.txt} there. */
    public static Report run(FaultPlan plan, Path folder) throws Exception {
        long started = System.nanoTime();
        try (FaultRun run = new FaultRun(plan, folder)) {
            Thread cleaner = new Thread(run::closeQuietly);
            Runtime.getRuntime().addShutdownHook(cleaner);
            try {
                run.rage();
                Report report = new Report(run.counts, Duration.ofNanos(System.nanoTime() - started), run.problems);
                Files.writeString(folder.resolve("report.txt"), "seed " + plan.seed() + "\n" + report);
                return report;
            } finally {
                Runtime.getRuntime().removeShutdownHook(cleaner);
            }
        }
    }

    private void rage() throws Exception {
        town.start();
        System.out.println("all are there");
        Thread supervisor = new Thread(this::supervise, "supervisor");
        supervisor.setDaemon(true);
        supervisor.start();
        String token = LocalAuth.in(town.auth()).adminToken("fault-run");
        StateAsker asker = new StateAsker(
                Stream.concat(town.servers().stream(), town.projectors().stream())
                        .toList(),
                token,
                plan.seed());
        asker.start();
        List<Fault.Spell> spells = faults();
        Recovery recovery = new Recovery(plan, folder, town, asker);
        problems.addAll(recovery.await(counts));
        asker.end();
        Files.createFile(folder.resolve(JournaledWriter.ENDING));
        awaitWriters();
        KafkaConnection connection = KafkaConnection.of(town.bootstrapServers());
        long end = appendLast(connection);
        List<Recorded> ledger = ledger(connection);
        problems.addAll(new Agreement(plan, town, asker, connection).await(ledger, counts));
        closing = true;
        town.members().stream()
                .filter(member -> member.role() == Member.Role.EVALUATORS)
                .forEach(Member::kill);
        judge(ledger, spells, asker, connection, end);
    }

    private void supervise() {
        while (!closing) {
            try {
                for (Member member : town.members()) {
                    member.supervise();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    private List<Fault.Spell> faults() throws Exception {
        FaultBox box = town.faults();
        List<Hand> hands = IntStream.range(0, plan.hands())
                .mapToObj(
                        hand -> new Hand(box, plan.betweenFaults(), plan.longestFault(), plan.seed() * 31 + 7L * hand))
                .toList();
        hands.forEach(Hand::start);
        LockSupport.parkNanos(plan.length().toNanos());
        hands.forEach(Hand::endSoon);
        List<Fault.Spell> spells = new ArrayList<>();
        for (Hand hand : hands) {
            spells.addAll(hand.spells());
        }
        counts.put("faults", (long) spells.size());
        for (Fault.Kind kind : Fault.Kind.values()) {
            counts.put(
                    "  " + kind,
                    spells.stream().filter(spell -> spell.kind() == kind).count());
            for (Member.Role role : Member.Role.values()) {
                long met = spells.stream()
                        .filter(spell -> spell.kind() == kind && spell.isOf(role))
                        .count();
                if (met > 0) {
                    counts.put("    " + kind + " of " + role, met);
                }
            }
        }
        long all = spells.stream().filter(spell -> spell.whom().size() > 1).count();
        counts.put("  of all processes of a kind at once", all);
        if (!town.hasWires()) {
            System.out.println("NOT root: no wire was cut and no disk was filled");
        }
        if (!town.hasFalseClock()) {
            System.out.println("NO libfaketime: no clock was put wrong");
        }
        return spells;
    }

    private void awaitWriters() {
        long patience = System.nanoTime() + Recovery.BOUND.toNanos();
        for (Member member : town.members()) {
            while (member.role() == Member.Role.WRITERS && !member.isDone()) {
                if (System.nanoTime() > patience) {
                    problems.add(member + " does not come to its end");
                    member.kill();
                    break;
                }
                LockSupport.parkNanos(TICK_NANOS);
            }
        }
    }

    /** A last event, whose fence has ended what others left open. Returns when it was acknowledged. */
    private static long appendLast(KafkaConnection connection) {
        try (LedgerWriter writer = LedgerWriter.open(connection, LedgerTopics.DEFAULT, WriterProcess.PATIENCE)) {
            AppendResult result = writer.append(
                    WriterProcess.ENVIRONMENT,
                    Actor.service("fault-run"),
                    "the end",
                    List.of(FlagCreated.bool("end-of-faults")));
            if (!(result instanceof AppendResult.Accepted)) {
                throw new IllegalStateException("the last append was refused: " + result);
            }
            return System.nanoTime();
        }
    }

    private static List<Recorded> ledger(KafkaConnection connection) {
        List<Recorded> events = new ArrayList<>();
        new LedgerReader(connection, LedgerTopics.DEFAULT, WriterProcess.PATIENCE)
                .read(WriterProcess.ENVIRONMENT, event -> events.add(event.recorded()));
        return events;
    }

    private void judge(
            List<Recorded> ledger, List<Fault.Spell> spells, StateAsker asker, KafkaConnection connection, long end)
            throws IOException {
        FaultVerdict verdict = new FaultVerdict(plan, folder, ledger, spells, counts);
        verdict.judgeWriters();
        counts.put("takeovers of the right to write", logged("took over"));
        counts.put("commits of unknown outcome found in the log", logged("was committed when its outcome was unknown"));
        verdict.judgeTimes();
        verdict.judgeEvaluators(
                IntStream.range(0, plan.evaluatorJvms())
                        .mapToObj(town::observations)
                        .toList(),
                end);
        problems.addAll(verdict.problems());
        List<String> wrong = asker.judge(WriterProcess.ENVIRONMENT, verdict.known());
        problems.addAll(wrong);
        counts.put("answers of servers and projectors, right", asker.answers().size() - (long) wrong.size());
        counts.put("  and questions without an answer just then", asker.notNow());
        for (Member.Role role : Member.Role.values()) {
            long ended = town.members().stream()
                    .filter(member -> member.role() == role)
                    .mapToLong(Member::endedByItself)
                    .sum();
            if (ended > 0) {
                counts.put("processes that gave up and were started again, " + role, ended);
            }
        }
        Verification verification = new LedgerVerifier(connection, LedgerTopics.DEFAULT, WriterProcess.PATIENCE)
                .verify(WriterProcess.ENVIRONMENT, Checkpoints.NONE, Progress.NONE)
                .orElseThrow()
                .verification();
        counts.put("events that ledger verify walked", verification.extent().sequence());
        if (!(verification instanceof Verification.Sound)) {
            problems.add("the chain is broken: " + verification);
        }
    }

    private long logged(String text) throws IOException {
        long count = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path log :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                count += Files.readString(log, StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.contains(text))
                        .count();
            }
        }
        return count;
    }

    private void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            System.err.println("not all could be cleaned up: " + e);
        }
    }

    @Override
    public void close() throws IOException {
        closing = true;
        town.close();
    }
}
