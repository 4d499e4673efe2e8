package io.flagledger.benchmarks.chaos;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerReader;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writers in several processes race on one environment while they are killed and put to sleep at random, and the broker is
 * killed in the middle. Afterwards the ledger is read back and held against what each writer was told.
 */
public final class WriterChaos implements AutoCloseable {
    private static final Plan FULL = new Plan(4, 2, 2_000, 40, Duration.ofSeconds(13), 1, 20_261_122);
    private static final long TICK_NANOS = 100_000_000;

    private final Plan plan;
    private final Path folder;
    private final Random random;
    private final long started = System.nanoTime();
    private final Map<Integer, OtherJvm> writers = new TreeMap<>();
    private final Map<Integer, Long> asleepUntil = new TreeMap<>();
    private @Nullable OtherJvm broker;
    private String bootstrapServers = "";
    private long kills;
    private long naps;
    private long longNaps;
    private long brokerKills;

    private WriterChaos(Plan plan, Path folder) {
        this.plan = plan;
        this.folder = folder;
        this.random = new Random(plan.seed());
    }

    /** Runs it in full; a smaller number of changes a writer may be given. The exit status is 1 if anything was wrong. */
    public static void main(String[] arguments) throws Exception {
        Plan plan = arguments.length == 0
                ? FULL
                : new Plan(
                        FULL.jvms(),
                        FULL.writersPerJvm(),
                        Integer.parseInt(arguments[0]),
                        FULL.blows(),
                        FULL.longestNap(),
                        FULL.brokerKills(),
                        FULL.seed());
        Path folder = Files.createTempDirectory("writer-chaos");
        Report report = run(plan, folder);
        System.out.println(report);
        System.out.println("journals and logs are in " + folder);
        System.exit(report.problems().isEmpty() ? 0 : 1);
    }

    /** Runs a plan in a folder that is empty. */
    public static Report run(Plan plan, Path folder) throws IOException, InterruptedException {
        try (WriterChaos chaos = new WriterChaos(plan, folder)) {
            chaos.rage();
            return chaos.judge();
        }
    }

    private void rage() throws IOException, InterruptedException {
        startBroker();
        for (int jvm = 0; jvm < plan.jvms(); jvm++) {
            startWriters(jvm);
        }
        int blows = 0;
        long limit = started
                + Duration.ofMinutes(2).plusMillis(100L * plan.changes()).toNanos();
        while (!writers.isEmpty()) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException("the writers make no progress; see " + folder);
            }
            LockSupport.parkNanos(TICK_NANOS);
            wake(false);
            reap();
            long done = done();
            if (brokerKills < plan.brokerKills()
                    && done * (plan.brokerKills() + 1) >= (brokerKills + 1) * plan.changes()) {
                brokerKills++;
                requireNonNull(broker).close();
                startBroker();
            } else if (blows < plan.blows() && done * (plan.blows() + 1) >= (blows + 1L) * plan.changes()) {
                blow(blows++);
            }
        }
    }

    private void startBroker() throws IOException {
        Path output = folder.resolve("broker-" + brokerKills + ".out");
        String port = bootstrapServers.isEmpty() ? "0" : bootstrapServers.replaceAll(".*:", "");
        broker = BrokerProcess.start(folder, output, port);
        bootstrapServers = BrokerProcess.address(broker);
    }

    private void startWriters(int jvm) throws IOException {
        writers.put(
                jvm,
                OtherJvm.start(
                        WriterProcess.class,
                        folder.resolve("writers-" + jvm + ".out"),
                        bootstrapServers,
                        folder.toString(),
                        Long.toString(plan.seed()),
                        Integer.toString(plan.changesPerWriter()),
                        Integer.toString(jvm * plan.writersPerJvm()),
                        Integer.toString(plan.writersPerJvm())));
    }

    private void blow(int number) throws IOException, InterruptedException {
        List<Integer> awake = writers.keySet().stream()
                .filter(jvm -> !asleepUntil.containsKey(jvm))
                .toList();
        if (awake.isEmpty()) {
            return;
        }
        int jvm = awake.get(random.nextInt(awake.size()));
        OtherJvm struck = requireNonNull(writers.get(jvm));
        boolean isLong = number == plan.blows() - 2;
        if (!isLong && random.nextBoolean()) {
            kills++;
            struck.close();
            startWriters(jvm);
        } else {
            naps++;
            longNaps += isLong ? 1 : 0;
            struck.stop();
            long millis = isLong ? plan.longestNap().toMillis() : 50 + random.nextInt(2_000);
            asleepUntil.put(jvm, System.nanoTime() + Duration.ofMillis(millis).toNanos());
        }
    }

    private void wake(boolean all) throws IOException, InterruptedException {
        for (Map.Entry<Integer, Long> sleeper : List.copyOf(asleepUntil.entrySet())) {
            if (all || System.nanoTime() > sleeper.getValue()) {
                asleepUntil.remove(sleeper.getKey());
                requireNonNull(writers.get(sleeper.getKey())).resume();
            }
        }
    }

    private void reap() throws IOException {
        for (Map.Entry<Integer, OtherJvm> writer : List.copyOf(writers.entrySet())) {
            if (!writer.getValue().isAlive()) {
                if (writer.getValue().exitValue() != 0) {
                    throw new IllegalStateException(
                            "a writer's process ended:\n" + writer.getValue().output());
                }
                writers.remove(writer.getKey());
            }
        }
    }

    private long done() throws IOException {
        long done = 0;
        for (int writer = 0; writer < plan.writers(); writer++) {
            Path journal = Journal.path(folder, writer);
            if (Files.exists(journal)) {
                try (var lines = Files.lines(journal, StandardCharsets.UTF_8)) {
                    done += lines.filter(line -> line.startsWith(Journal.Kind.ACCEPTED.name())
                                    || line.startsWith(Journal.Kind.REFUSED.name()))
                            .count();
                }
            }
        }
        return done;
    }

    private Report judge() throws IOException {
        Duration time = Duration.ofNanos(System.nanoTime() - started);
        Model model = new Model(new Commands(plan.seed()), ledger());
        Map<String, Long> counts = new LinkedHashMap<>();
        Map<String, Long> refusals = new TreeMap<>();
        counts.put("accepted", 0L);
        counts.put("refused", 0L);
        long repeated = 0;
        long wasDone = 0;
        long unavailable = 0;
        for (int writer = 0; writer < plan.writers(); writer++) {
            List<Journal.Line> journal = Journal.read(folder, writer);
            model.judge(writer, plan.changesPerWriter(), journal);
            int lastSent = -1;
            for (Journal.Line line : journal) {
                switch (line.kind()) {
                    case SENT -> {
                        repeated += line.number() == lastSent ? 1 : 0;
                        lastSent = line.number();
                    }
                    case ACCEPTED -> {
                        counts.merge("accepted", 1L, Long::sum);
                        wasDone += Boolean.parseBoolean(line.detail()) ? 1 : 0;
                    }
                    case REFUSED -> {
                        counts.merge("refused", 1L, Long::sum);
                        refusals.merge("  as " + line.detail(), 1L, Long::sum);
                    }
                    case UNKNOWN -> unavailable++;
                }
            }
        }
        counts.putAll(refusals);
        counts.put("sent again, as the outcome was not known", repeated);
        counts.put("  and had been done", wasDone);
        counts.put("Kafka unavailable to a caller", unavailable);
        counts.put("commits of unknown outcome found in the log", logged("was committed when its outcome was unknown"));
        counts.put("takeovers", logged("took over"));
        counts.put("writer processes killed", kills);
        counts.put("writer processes put to sleep", naps);
        counts.put("  for longer than a transaction may last", longNaps);
        counts.put("broker killed", brokerKills);
        return new Report(counts, time, model.verdict());
    }

    private long logged(String text) throws IOException {
        long count = 0;
        for (int jvm = 0; jvm < plan.jvms(); jvm++) {
            Path log = WriterProcess.logFile(folder, jvm * plan.writersPerJvm());
            try (var lines = Files.lines(log, StandardCharsets.UTF_8)) {
                count += lines.filter(line -> line.contains(text)).count();
            }
        }
        return count;
    }

    /** All events. The last writer's fence has ended what others left open, so that what it appends is behind all of it. */
    private List<Recorded> ledger() {
        KafkaConnection connection = KafkaConnection.of(bootstrapServers);
        String last = "end-of-chaos";
        try (LedgerWriter writer = LedgerWriter.open(connection, LedgerTopics.DEFAULT, WriterProcess.PATIENCE)) {
            AppendResult result = writer.append(
                    WriterProcess.ENVIRONMENT, WriterProcess.actor(-1), "chaos", List.of(FlagCreated.bool(last)));
            if (!(result instanceof AppendResult.Accepted)) {
                throw new IllegalStateException("the last append was refused: " + result);
            }
        }
        LedgerReader reader = new LedgerReader(connection, LedgerTopics.DEFAULT, WriterProcess.PATIENCE);
        List<Recorded> events = new ArrayList<>();
        while (events.isEmpty() || !events.get(events.size() - 1).event().flag().equals(last)) {
            events.clear();
            reader.read(WriterProcess.ENVIRONMENT, event -> events.add(event.recorded()));
        }
        return events.subList(0, events.size() - 1);
    }

    @Override
    public void close() throws IOException {
        writers.values().forEach(OtherJvm::close);
        if (broker != null) {
            broker.close();
        }
    }
}
