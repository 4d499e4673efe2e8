package io.flagledger.benchmarks.fanout;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.KillSwitchReleased;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.embedded.EmbeddedKafka;
import io.flagledger.server.LedgerServer;
import io.flagledger.server.Role;
import io.flagledger.server.ServerConfig;
import io.flagledger.server.auth.AuthConfig;
import io.flagledger.server.auth.Grant;
import io.flagledger.server.auth.LocalKey;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A server with thousands of OFREP event streams and flagd sync streams, and how long a change takes from the call of
 * {@code append} until the first, half, all but a hundredth and all of them have it. Broker, writer and server in this JVM, the
 * clients in another, on the same machine. Arguments: how many streams of each kind (2000), flags (100), changes (40).
 */
public final class FanOut {
    private static final String ENVIRONMENT = "gastown-production";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long PACE_MILLIS = 700;

    private FanOut() {}

    public static void main(String[] args) throws Exception {
        int streams = args.length > 0 ? Integer.parseInt(args[0]) : 2_000;
        int flags = args.length > 1 ? Integer.parseInt(args[1]) : 100;
        int changes = args.length > 2 ? Integer.parseInt(args[2]) : 40;
        Path folder = Files.createTempDirectory("fan-out");
        LocalKey key = LocalKey.generate();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0)) {
            KafkaConnection connection = KafkaConnection.of(kafka.bootstrapServers());
            try (LedgerWriter writer = LedgerWriter.open(connection, LedgerTopics.DEFAULT, PATIENCE)) {
                IntStream.range(0, flags).forEach(i -> create(writer, "flag-%04d".formatted(i)));
                ServerConfig config = new ServerConfig(
                                connection,
                                LedgerTopics.DEFAULT,
                                ENVIRONMENT,
                                folder.resolve("state"),
                                "127.0.0.1",
                                0,
                                new AuthConfig.Local(key))
                        .withRoles(Set.of(Role.GATEWAY));
                try (LedgerServer server = LedgerServer.start(config)) {
                    server.awaitReady(PATIENCE);
                    String token = key.token(
                            "service:town",
                            Actor.Kind.SERVICE,
                            List.of(Grant.parse("evaluator@" + ENVIRONMENT)),
                            Duration.ofHours(1));
                    run(writer, server, token, streams, changes);
                }
            }
        }
        System.exit(0); // the broker's last threads end by themselves, but seconds later
    }

    private static void run(LedgerWriter writer, LedgerServer server, String token, int streams, int changes)
            throws IOException, InterruptedException {
        long heapBefore = heap();
        long residentBefore = resident();
        Process clients = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Listeners.class.getName(),
                        String.valueOf(server.httpPort()),
                        String.valueOf(server.grpcPort()),
                        ENVIRONMENT,
                        token,
                        String.valueOf(streams))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = clients.inputReader();
                BufferedWriter in = clients.outputWriter()) {
            System.out.println(requireNonNull(out.readLine()));
            Thread.sleep(2_000);
            System.out.printf(
                    Locale.ROOT,
                    "memory of %d streams: heap %.1f KB each, resident %.1f KB each%n",
                    2 * streams,
                    (heap() - heapBefore) / 1024.0 / (2 * streams),
                    (resident() - residentBefore) / 1024.0 / (2 * streams));
            long[] event = new long[changes * streams];
            long[] sync = new long[changes * streams];
            for (int i = -5; i < changes; i++) {
                Thread.sleep(PACE_MILLIS);
                long began = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
                long sequence = append(
                        writer,
                        i % 2 == 0
                                ? new KillSwitchEngaged("flag-0000", KillSwitch.NEW_ACCESS)
                                : new KillSwitchReleased("flag-0000"));
                in.write(sequence + "\n");
                in.flush();
                long[] events = read(out, began);
                long[] syncs = read(out, began);
                if (i >= 0) { // the first ones warm up
                    System.arraycopy(events, 0, event, i * streams, streams);
                    System.arraycopy(syncs, 0, sync, i * streams, streams);
                }
            }
            System.out.println(line("OFREP event streams", event));
            System.out.println(line("flagd sync streams", sync));
            System.out.printf(
                    Locale.ROOT,
                    "after %d changes: heap %.1f KB a stream, resident %.1f KB a stream%n",
                    changes,
                    (heap() - heapBefore) / 1024.0 / (2 * streams),
                    (resident() - residentBefore) / 1024.0 / (2 * streams));
        } finally {
            clients.destroyForcibly();
        }
    }

    private static void create(LedgerWriter writer, String key) {
        append(writer, FlagCreated.bool(key));
        append(writer, new StageMoved(key, Stage.PERCENTAGE, new Percentage(50_000), true));
        if (key.equals("flag-0000")) {
            append(writer, new KillSwitchEngaged(key, KillSwitch.NEW_ACCESS));
            append(writer, new KillSwitchReleased(key));
            append(writer, new KillSwitchEngaged(key, KillSwitch.NEW_ACCESS));
        }
    }

    private static long append(LedgerWriter writer, Change change) {
        AppendResult result = writer.append(ENVIRONMENT, Actor.service("benchmark"), "fan out", List.of(change));
        if (result instanceof AppendResult.Accepted accepted) {
            return accepted.sequence();
        }
        throw new IllegalStateException("refused: " + result);
    }

    /** When each stream had the change, in microseconds since it began. */
    private static long[] read(BufferedReader out, long began) throws IOException {
        return Arrays.stream(requireNonNull(out.readLine()).split(",", -1))
                .mapToLong(at -> Long.parseLong(at) - began)
                .toArray();
    }

    private static String line(String name, long[] micros) {
        Arrays.sort(micros);
        return String.format(
                Locale.ROOT,
                "%-20s n=%d  first %.1f ms  p50 %.1f ms  p99 %.1f ms  last %.1f ms",
                name,
                micros.length,
                micros[0] / 1e3,
                micros[micros.length / 2] / 1e3,
                micros[(int) (micros.length * 0.99)] / 1e3,
                micros[micros.length - 1] / 1e3);
    }

    private static long heap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Bytes of this process in memory, as Linux tells. */
    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }
}
