package io.flagledger.benchmarks.chaos;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.codec.StateDigest;
import io.flagledger.core.event.Actor;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerReader;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.core.kafka.PublishedState;
import io.flagledger.core.travel.Cut;
import io.flagledger.server.auth.LocalAuth;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Several servers project while they are killed at random, some of them losing their stores, and while somebody writes and
 * others ask without a pause. Each answer is held against what the ledger was at the answer's position. In the end all
 * that was made of the ledger, by whomever, must be the same.
 */
public final class ProjectorChaos implements AutoCloseable {
    private static final ProjectorPlan FULL =
            new ProjectorPlan(3, 12, 50, Duration.ofMinutes(10), Duration.ofSeconds(12), 3, 20_261_124);
    private static final Duration CALM = Duration.ofMinutes(3);
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final long TICK_NANOS = 50_000_000;

    private final ProjectorPlan plan;
    private final Path folder;
    private final Random random;
    private final KnownStates known = new KnownStates();
    private final Asker.Tally tally = new Asker.Tally();
    private final List<URI> instances = new ArrayList<>();
    private final Map<Integer, OtherJvm> servers = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private final AtomicBoolean goesOn = new AtomicBoolean(true);
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(CALL).build();
    private @Nullable OtherJvm broker;
    private String bootstrapServers = "";
    private volatile @Nullable RuntimeException writerFailed;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private long kills;
    private long lostStores;
    private String token = "";

    private ProjectorChaos(ProjectorPlan plan, Path folder) {
        this.plan = plan;
        this.folder = folder;
        this.random = new Random(plan.seed());
    }

    static String environment(int number) {
        return "chaos-" + number;
    }

    /** Runs it in full, or for as many seconds as are given. The exit status is 1 if anything was wrong. */
    public static void main(String[] arguments) throws Exception {
        ProjectorPlan plan = arguments.length == 0
                ? FULL
                : new ProjectorPlan(
                        FULL.instances(),
                        FULL.environments(),
                        FULL.changesPerSecond(),
                        Duration.ofSeconds(Long.parseLong(arguments[0])),
                        FULL.betweenBlows(),
                        FULL.askers(),
                        FULL.seed());
        Path folder = Files.createTempDirectory("projector-chaos");
        Report report = run(plan, folder);
        System.out.println(report);
        System.out.println("stores and logs are in " + folder);
        System.exit(report.problems().isEmpty() ? 0 : 1);
    }

    /** Runs a plan in a folder that is empty. */
    public static Report run(ProjectorPlan plan, Path folder) throws IOException, InterruptedException {
        try (ProjectorChaos chaos = new ProjectorChaos(plan, folder)) {
            long started = System.nanoTime();
            chaos.rage();
            chaos.judge();
            return chaos.report(Duration.ofNanos(System.nanoTime() - started));
        }
    }

    private void rage() throws IOException, InterruptedException {
        broker = BrokerProcess.start(folder, folder.resolve("broker.out"), "0");
        bootstrapServers = BrokerProcess.address(broker);
        token = LocalAuth.in(folder.resolve("auth")).adminToken("chaos");
        for (int i = 0; i < plan.instances(); i++) {
            instances.add(URI.create("http://127.0.0.1:" + freePort()));
            start(i);
        }
        awaitAll();
        List<Thread> threads = new ArrayList<>();
        threads.add(new Thread(this::write, "writer"));
        for (int i = 0; i < plan.askers(); i++) {
            threads.add(
                    new Thread(new Asker(instances, token, plan, known, plan.seed() + i, tally, goesOn), "asker-" + i));
        }
        threads.forEach(Thread::start);
        long end = System.nanoTime() + plan.length().toNanos();
        long nextBlow = System.nanoTime() + pause();
        while (System.nanoTime() < end && writerFailed == null) {
            LockSupport.parkNanos(TICK_NANOS);
            if (System.nanoTime() > nextBlow) {
                blow();
                nextBlow = System.nanoTime() + pause();
            }
        }
        goesOn.set(false);
        for (Thread thread : threads) {
            thread.join();
        }
        if (writerFailed != null) {
            throw requireNonNull(writerFailed);
        }
    }

    /** Chaos begins when everybody is there. */
    private void awaitAll() throws IOException, InterruptedException {
        long patience = System.nanoTime() + CALM.toNanos();
        for (int i = 0; i < instances.size(); i++) {
            while (get(instances.get(i).resolve("/readyz")) == null) {
                if (System.nanoTime() > patience) {
                    throw new IllegalStateException("a server does not get ready:\n"
                            + requireNonNull(servers.get(i)).output());
                }
                LockSupport.parkNanos(TICK_NANOS);
            }
        }
    }

    private long pause() {
        return (long) (plan.betweenBlows().toNanos() * (0.25 + 1.5 * random.nextDouble()));
    }

    private void start(int number) throws IOException {
        servers.put(
                number,
                OtherJvm.start(
                        ServerProcess.class,
                        folder.resolve("server-" + number + ".out"),
                        bootstrapServers,
                        stores(number).toString(),
                        instances.get(number).getAuthority(),
                        folder.resolve("auth").toString(),
                        environment(0)));
    }

    private Path stores(int number) {
        return folder.resolve("stores-" + number);
    }

    private void blow() throws IOException {
        int number = random.nextInt(plan.instances());
        requireNonNull(servers.get(number)).close();
        kills++;
        if (random.nextInt(3) == 0) {
            lostStores++;
            delete(stores(number));
        }
        start(number);
    }

    private static void delete(Path stores) throws IOException {
        if (Files.exists(stores)) {
            try (Stream<Path> all = Files.walk(stores)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private void write() {
        Editor editor = new Editor(plan.seed());
        long began = System.nanoTime();
        try (LedgerWriter writer =
                LedgerWriter.open(KafkaConnection.of(bootstrapServers), LedgerTopics.DEFAULT, WriterProcess.PATIENCE)) {
            for (int i = 0; goesOn.get(); i++) {
                String environment = environment(i % plan.environments());
                AppendResult result = writer.append(
                        environment, Actor.service("chaos"), "chaos", editor.changes(known.last(environment)));
                if (result instanceof AppendResult.Accepted done) {
                    known.add(environment, done.events());
                    accepted.add(done.events().size());
                } else {
                    refused.increment();
                }
                long due = began + i * 1_000_000_000L / plan.changesPerSecond();
                LockSupport.parkNanos(due - System.nanoTime());
            }
        } catch (RuntimeException e) {
            writerFailed = e;
        }
    }

    /** Waits until every instance is there and has read everything, and compares what each has made of the ledger. */
    private void judge() throws InterruptedException {
        LedgerReader log =
                new LedgerReader(KafkaConnection.of(bootstrapServers), LedgerTopics.DEFAULT, WriterProcess.PATIENCE);
        Map<String, String> digests = new TreeMap<>();
        for (int i = 0; i < plan.environments(); i++) {
            String environment = environment(i);
            digests.put(environment, StateDigest.of(known.last(environment)).toString());
            String replayed =
                    StateDigest.of(log.history(environment).at(Cut.now())).toString();
            if (!replayed.equals(digests.get(environment))) {
                problems.add(environment + ": a fresh replay of the ledger is not what the writer was told");
            }
        }
        long patience = System.nanoTime() + CALM.toNanos();
        List<String> open = differences(digests);
        while (!open.isEmpty() && System.nanoTime() < patience) {
            LockSupport.parkNanos(TICK_NANOS);
            open = differences(digests);
        }
        problems.addAll(open);
        tally.wrong.forEach(problems::add);
    }

    /** In what the instances differ from the ledger; nothing if it has one owner and another holds it as well. */
    private List<String> differences(Map<String, String> digests) throws InterruptedException {
        List<String> found = new ArrayList<>();
        Map<String, Integer> holders = new TreeMap<>();
        Map<String, Integer> owners = new TreeMap<>();
        for (URI instance : instances) {
            JsonNode answer = get(instance.resolve("/api/v1/instances"));
            if (answer == null) {
                found.add(instance + " does not answer");
                continue;
            }
            for (JsonNode one : answer.path("instances")) {
                if (!one.path("address").asText().equals(instance.getAuthority())) {
                    continue;
                }
                for (JsonNode held : one.path("environments")) {
                    String environment = held.path("environment").asText();
                    holders.merge(environment, 1, Integer::sum);
                    owners.merge(environment, held.path("role").asText().equals("ACTIVE") ? 1 : 0, Integer::sum);
                    if (!held.path("stateDigest").asText().equals(digests.get(environment))) {
                        found.add("%s holds %s as %s, not as the ledger has it".formatted(instance, environment, held));
                    }
                }
            }
        }
        for (String environment : digests.keySet()) {
            Optional<String> published = PublishedState.read(
                            KafkaConnection.of(bootstrapServers),
                            LedgerTopics.DEFAULT,
                            environment,
                            WriterProcess.PATIENCE)
                    .map(state -> StateDigest.of(state).toString());
            if (!published.equals(Optional.ofNullable(digests.get(environment)))) {
                found.add(environment + ": the state topic is not what the ledger says");
            }
            // Streams may keep one copy more for a while, to move what is owned without a pause.
            if (holders.getOrDefault(environment, 0) < 2 || owners.getOrDefault(environment, 0) != 1) {
                found.add("%s has %d owners, and %d hold it"
                        .formatted(
                                environment,
                                owners.getOrDefault(environment, 0),
                                holders.getOrDefault(environment, 0)));
            }
        }
        return found;
    }

    private @Nullable JsonNode get(URI uri) throws InterruptedException {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(uri)
                            .header("Authorization", "Bearer " + token)
                            .timeout(CALL)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? LedgerJson.parse(response.body()) : null;
        } catch (IOException e) {
            return null;
        }
    }

    private Report report(Duration time) {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("events accepted", accepted.sum());
        counts.put("commands refused", refused.sum());
        counts.put("servers killed", kills);
        counts.put("  and lost their stores", lostStores);
        counts.put("answers of now, right", tally.right.sum());
        counts.put("answers of the past, right", tally.rightOfThePast.sum());
        counts.put("answers by whoever has a copy, right", tally.rightButStale.sum());
        counts.put("answered 503, as the environment moved", tally.moving.sum());
        counts.put("not answered, as the server was dead", tally.unreachable.sum());
        counts.put("answers that were wrong", (long) tally.wrong.size());
        return new Report(counts, time, problems);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        goesOn.set(false);
        servers.values().forEach(OtherJvm::close);
        if (broker != null) {
            broker.close();
        }
    }
}
