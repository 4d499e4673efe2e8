package io.flagledger.server.fuzz;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.server.HttpClientForTest;
import io.flagledger.server.LedgerServer;
import io.flagledger.server.ServerConfig;
import io.flagledger.server.TokensForTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What {@link HttpFuzzTest} found, one request each. */
@ExtendWith(KafkaExtension.class)
final class FoundByFuzzingTest {
    @TempDir
    private static Path folder;

    private static @Nullable LedgerServer server;

    private final String token = TokensForTest.admin("dana");
    private int port;

    @BeforeEach
    void open(KafkaForTest kafka) throws InterruptedException {
        if (server == null) {
            server = LedgerServer.start(new ServerConfig(
                    KafkaConnection.of(kafka.bootstrapServers()),
                    LedgerTopics.withPrefix(kafka.topicPrefix() + "found"),
                    "test",
                    folder,
                    "127.0.0.1",
                    0,
                    TokensForTest.AUTH));
            assertThat(server.awaitReady(Duration.ofSeconds(30))).isTrue();
        }
        port = server.httpPort();
    }

    @AfterAll
    static void close() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aVersionThatNobodyKnowsIsRefusedByAProblemAndTheConnectionClosed() throws IOException {
        RawAnswer answer = ask("GET /healthz HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n", "");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.text()).contains("urn:flag-ledger:problem:unreadable", "can't be read as HTTP");
        assertThat(answer.isLast()).isTrue();
    }

    @Test
    void aBodyThatIsNotUtf8IsRefusedWhateverItsTypeSaysOfThat() throws IOException {
        String letter = "{\"reason\":\"\u00e9\",\"changes\":[]}"; // one byte in Latin 1
        for (String type : List.of("application/json", "application/json; charset=ISO-8859-1")) {
            RawAnswer answer = ask(post("/api/v1/environments/test/changes", type, letter.length()), letter);
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.text()).contains("the body is not UTF-8");
        }
    }

    @Test
    void aCharsetThatNobodyKnowsIsNoFaultOfTheServer() throws IOException {
        String type = "application/json; charset=nothing";
        RawAnswer changes = ask(post("/api/v1/environments/test/changes", type, 2), "{}");
        assertThat(changes.status()).isEqualTo(422);
        assertThat(changes.text()).contains("urn:flag-ledger:problem:");
        RawAnswer ofrep = ask(post("/ofrep/v1/evaluate/flags", type, 1), "{");
        assertThat(ofrep.status()).isEqualTo(400);
        assertThat(ofrep.text()).contains("PARSE_ERROR");
    }

    @Test
    void aBodyThatEndsTooEarlyIsNoFaultOfTheServer() throws IOException {
        RawAnswer answer = ask(post("/api/v1/environments/test/changes", "application/json", 100), "{");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    }

    @Test
    void inventedMethodsAreCountedTogether() throws IOException {
        ask("FLY /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", "");
        ask("SWIM /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", "");
        String metrics = new HttpClientForTest(port).get("/metrics").text();
        assertThat(metrics).contains("method=\"other\"").doesNotContain("FLY", "SWIM");
    }

    private String post(String path, String type, int length) {
        List<String> lines = List.of(
                "POST %s HTTP/1.1".formatted(path),
                "Host: 127.0.0.1",
                "Authorization: Bearer " + token,
                "Content-Type: " + type,
                "Content-Length: " + length,
                "Connection: close",
                "",
                "");
        return String.join("\r\n", lines);
    }

    private RawAnswer ask(String head, String body) throws IOException {
        try (Wire wire = new Wire(port)) {
            wire.send(List.of(new BadRequest((head + body).getBytes(StandardCharsets.ISO_8859_1), true)));
            wire.end();
            return requireNonNull(wire.read(false), "closed without an answer");
        }
    }
}
