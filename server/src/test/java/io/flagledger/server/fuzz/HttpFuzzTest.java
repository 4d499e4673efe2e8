package io.flagledger.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.event.Actor;
import io.flagledger.core.fuzz.Fuzz;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.server.HttpClientForTest;
import io.flagledger.server.LedgerServer;
import io.flagledger.server.ServerConfig;
import io.flagledger.server.TokensForTest;
import io.grpc.Status;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bad requests to a server that runs, over its real ports: each is refused and says why, or the connection is closed; the
 * ledger stays as it was, and the server as big. A share runs in each build; {@value Fuzz#INPUTS} says how many.
 */
@ExtendWith(KafkaExtension.class)
final class HttpFuzzTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long SEED = 20261125;
    private static final int SENDERS = 4;
    private static final int MOST_SERIES = 600;
    private static final int MOST_MORE_THREADS = 16;
    private static final long MOST_MORE_BYTES = 32L << 20;

    private final LedgerServer server;
    private final HttpClientForTest http;

    HttpFuzzTest(KafkaForTest kafka, @TempDir Path folder) throws InterruptedException {
        server = LedgerServer.start(new ServerConfig(
                        KafkaConnection.of(kafka.bootstrapServers()),
                        LedgerTopics.withPrefix(kafka.topicPrefix() + "ledger"),
                        "test",
                        folder,
                        "127.0.0.1",
                        0,
                        TokensForTest.AUTH)
                .withRequestsPerSecond(0));
        assertThat(server.awaitReady(PATIENCE)).isTrue();
        http = new HttpClientForTest(server.httpPort());
    }

    @BeforeEach
    void make() {
        assertThat(http.post(
                                "/api/v1/environments/test/changes",
                                "{\"reason\": \"r\", \"changes\": [{\"type\": \"FlagCreated\", \"flag\": \"gastown\"}]}")
                        .status())
                .isEqualTo(201);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void badRequestsAreRefusedAndLeaveNothingBehind() throws Exception {
        Routes routes = Routes.of(http.get("/openapi.json").json());
        int inputs = Fuzz.inputs();
        String believed = TokensForTest.admin("dana");
        List<String> others = otherTokens(believed);
        Senders senders = new Senders(server.httpPort(), seed -> new BadRequests(seed, routes, believed, others));
        JsonNode before = head();

        assertThat(senders.send(SENDERS, SEED, Math.max(1, inputs / 10)).faults())
                .isEmpty();
        Size warm = Size.now();
        long began = System.nanoTime();
        Tally tally = senders.send(SENDERS, SEED + 1_000_000_000L, inputs);

        System.out.printf("%s in %.1f s; %s%n", tally, (System.nanoTime() - began) / 1e9, warm);
        assertThat(tally.faults()).isEmpty();
        assertThat(head()).isEqualTo(before);
        assertThat(http.get("/api/v1/environments").json().at("/environments")).hasSize(1);
        assertThat(http.get("/metrics")
                        .text()
                        .lines()
                        .filter(line -> line.startsWith("http_server_requests_seconds_count")))
                .hasSizeLessThan(MOST_SERIES);
        await().atMost(PATIENCE).untilAsserted(() -> {
            Size now = Size.now();
            System.out.println(now);
            assertThat(now.threads()).isLessThanOrEqualTo(warm.threads() + MOST_MORE_THREADS);
            assertThat(now.heap()).isLessThan(warm.heap() + MOST_MORE_BYTES);
        });
    }

    @Test
    void badCallsOfTheSyncServiceEndWithWhatWasWrong() throws Exception {
        int inputs = Fuzz.inputs() / 10;
        JsonNode before = head();
        List<String> faults = new ArrayList<>();
        String believed = TokensForTest.admin("dana");
        try (SyncFuzzer fuzzer = new SyncFuzzer(server.grpcPort(), SEED, believed, otherTokens(believed))) {
            Map<Status.Code, Integer> ends = fuzzer.call(inputs, faults);
            fuzzer.talk(inputs, faults);
            System.out.printf("%,d calls ended with %s, %,d talks were closed%n", inputs, ends, inputs);
        }
        assertThat(faults).isEmpty();
        assertThat(head()).isEqualTo(before);
    }

    @Test
    @EnabledIfSystemProperty(named = Fuzz.INPUTS, matches = ".+", disabledReason = "takes Jetty's 30 s of patience")
    void whoBeginsARequestAndNeverEndsItIsHungUpOn() throws Exception {
        List<Wire> wires = new ArrayList<>();
        for (String begun : List.of(
                "G",
                "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n",
                "POST /ofrep/v1/evaluate/flags HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n{")) {
            Wire wire = new Wire(server.httpPort());
            wire.send(List.of(new BadRequest(begun.getBytes(StandardCharsets.US_ASCII), true)));
            wires.add(wire);
        }
        for (Wire wire : wires) {
            assertThat(wire.isClosedByServer()).isTrue();
            wire.close();
        }
    }

    /** What the log itself says. */
    private JsonNode head() {
        JsonNode head =
                http.get("/api/v1/environments/test/verification?after=1").json();
        assertThat(head.path("valid").asBoolean()).as(head.toString()).isTrue();
        assertThat(head.get("sequence").longValue()).isEqualTo(1);
        return head.get("digest");
    }

    private static List<String> otherTokens(String believed) {
        String[] parts = believed.split("\\.", -1);
        String payload = parts[1];
        return List.of(
                "Bearer",
                "Bearer ",
                "bearer " + believed + "x",
                believed,
                "Basic ZGFuYTpkYW5h",
                "Negotiate",
                "Bearer x.y.z",
                "Bearer " + "a".repeat(6_000),
                "Bearer eyJhbGciOiJub25lIn0." + payload + ".",
                "Bearer " + parts[0] + "." + payload + ".AAAA",
                "Bearer " + parts[0] + ".." + parts[2],
                "Bearer " + parts[0] + "." + payload.substring(2) + "." + parts[2],
                "Bearer " + TokensForTest.of("nobody"),
                "Bearer " + TokensForTest.of("eve", "admin@elsewhere"),
                "Bearer " + TokensForTest.of("old", Actor.Kind.HUMAN, List.of("admin@*"), Duration.ofHours(-1)),
                "🐢");
    }

    /** How big this process is, rubbish aside. */
    private record Size(long heap, int threads) {
        static Size now() {
            IntStream.range(0, 3).forEach(i -> System.gc());
            return new Size(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                    ManagementFactory.getThreadMXBean().getThreadCount());
        }

        @Override
        public String toString() {
            return "%.1f MB of heap, %d threads".formatted(heap / 1e6, threads);
        }
    }
}
