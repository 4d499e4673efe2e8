package io.flagledger.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.server.HttpClientForTest.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What an operator sees of a server. */
@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ObservabilityTest {
    private static final String ENVIRONMENT = "seen";
    private static final String CHANGES = "/api/v1/environments/seen/changes";
    private static final String EVALUATIONS = "/api/v1/environments/seen/evaluations";

    private final LedgerServer server;
    private final HttpClientForTest http;

    ObservabilityTest(KafkaForTest kafka, @TempDir Path folder) throws InterruptedException {
        server = start(kafka, "ledger", folder);
        assertThat(server.awaitReady(Duration.ofSeconds(30))).isTrue();
        http = new HttpClientForTest(server.httpPort());
    }

    private static LedgerServer start(KafkaForTest kafka, String prefix, Path folder) {
        return LedgerServer.start(new ServerConfig(
                KafkaConnection.of(kafka.bootstrapServers()),
                LedgerTopics.withPrefix(kafka.topicPrefix() + prefix),
                ENVIRONMENT,
                folder,
                "127.0.0.1",
                0,
                TokensForTest.AUTH));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void metricsTellOfCommandsDecisionsRequestsAndHowFarEverybodyIs() {
        double takeovers = metric("flag_ledger_takeovers_total");
        double accepted = metric("flag_ledger_commands_accepted_total{environment=\"seen\",replayed=\"false\"}");
        double exists = metric("flag_ledger_commands_refused_total{kind=\"FLAG_EXISTS\"}");

        assertThat(create("counted").status()).isEqualTo(201);
        assertThat(create("counted").status()).isEqualTo(409);
        assertThat(http.post(EVALUATIONS, "{\"flag\": \"counted\"}").status()).isEqualTo(200);
        assertThat(http.get("/api/v1/environments/seen/flags/nothing").status()).isEqualTo(404);
        assertThat(http.get("/nowhere/" + System.nanoTime()).status()).isEqualTo(404);

        assertThat(metric("flag_ledger_commands_accepted_total{environment=\"seen\",replayed=\"false\"}"))
                .isEqualTo(accepted + 1);
        assertThat(metric("flag_ledger_commands_refused_total{kind=\"FLAG_EXISTS\"}"))
                .isEqualTo(exists + 1);
        assertThat(metric("flag_ledger_append_seconds_count")).isGreaterThanOrEqualTo(accepted + 1);
        assertThat(metric("flag_ledger_takeovers_total")).isBetween(1.0, takeovers + 1);
        assertThat(metric("flag_ledger_served_decisions_total{door=\"http\",environment=\"seen\",reason=\"STAGE\"}"))
                .isEqualTo(1);
        assertThat(
                        metric(
                                "http_server_requests_seconds_count{method=\"GET\",status=\"404\",uri=\"/api/v1/environments/{environment}/flags/{key}\"}"))
                .isEqualTo(1);
        assertThat(metric("flag_ledger_state{environment=\"seen\",state=\"ready\"}"))
                .isEqualTo(1);
        assertThat(metric("flag_ledger_projection_running")).isEqualTo(1);
        await().untilAsserted(() -> assertThat(metric("flag_ledger_projection_lag{environment=\"seen\"}"))
                .isZero());
        assertThat(metric("flag_ledger_projection_stopped{environment=\"seen\"}"))
                .isZero();
        assertThat(metric("flag_ledger_streams{kind=\"feed\"}")).isZero();
        assertThat(scrape()).as("there before it first counts").contains("flag_ledger_commands_unknown_total 0.0");
        assertThat(metric("jvm_threads_live_threads")).isPositive();
        assertThat(scrape()).as("what a caller made up is no tag").doesNotContain("/nowhere/");
    }

    @Test
    void aRequestIsKnownByOneIdFromItsCallerToItsEvent() {
        Logger logger = (Logger) LoggerFactory.getLogger("io.flagledger.changes");
        Level before = logger.getLevel();
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        logger.addAppender(logged);
        logger.setLevel(Level.INFO);
        try {
            Answer made = http.send(http.request(CHANGES)
                    .header("X-Request-Id", "from-the-caller:1")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(creating("traced"))));
            assertThat(made.header("X-Request-Id")).isEqualTo("from-the-caller:1");
            ILoggingEvent line = logged.list.get(0);
            assertThat(line.getMDCPropertyMap()).containsEntry("requestId", "from-the-caller:1");
            assertThat(line.getKeyValuePairs().toString())
                    .contains(
                            "sequence=\"" + made.json().get("sequence").intValue() + "\"",
                            "changeId=\"" + made.json().at("/events/0/changeId").textValue() + "\"",
                            "environment=\"seen\"",
                            "actor=\"dana\"");
        } finally {
            logger.detachAppender(logged);
            logger.setLevel(before);
        }
    }

    @Test
    void anIdThatCouldForgeALineOfTheLogIsReplaced() {
        Answer answer = http.send(http.request("/healthz").header("X-Request-Id", "a b\u00e9\"},{"));

        assertThat(answer.header("X-Request-Id")).matches("[0-9a-f-]{36}");
    }

    @Test
    void readinessNamesWhatIsMissing(KafkaForTest kafka, @TempDir Path other) throws InterruptedException {
        try (LedgerServer starting = start(kafka, "starting", other)) {
            HttpClientForTest asked = new HttpClientForTest(starting.httpPort());
            Answer early = asked.get("/readyz");
            assertThat(early.status()).isEqualTo(503);
            assertThat(early.json().get("missing").toString()).contains("the projector does not run yet");

            assertThat(starting.awaitReady(Duration.ofSeconds(30))).isTrue();
            assertThat(asked.get("/readyz").status()).isEqualTo(200);
            assertThat(asked.get("/readyz").json().has("missing")).isFalse();
        }
    }

    private Answer create(String flag) {
        return http.post(CHANGES, creating(flag));
    }

    private static String creating(String flag) {
        return "{\"reason\": \"r\", \"changes\": [{\"type\": \"FlagCreated\", \"flag\": \"%s\"}]}".formatted(flag);
    }

    private String scrape() {
        Answer answer = http.get("/metrics");
        assertThat(answer.contentType()).startsWith("text/plain; version=0.0.4");
        return answer.text();
    }

    /** The value of one line, 0 where it is not there yet. */
    private double metric(String line) {
        Matcher found = Pattern.compile("^" + Pattern.quote(line) + " (\\S+)$", Pattern.MULTILINE)
                .matcher(scrape());
        List<String> values = found.results().map(result -> result.group(1)).toList();
        return values.isEmpty() ? 0 : Double.parseDouble(values.get(0));
    }
}
