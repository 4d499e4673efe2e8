package io.flagledger.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.server.HttpClientForTest.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(KafkaExtension.class)
final class LedgerServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String DEFAULT_ENVIRONMENT = "gastown-production";
    private static final String CREATE = "{\"type\": \"FlagCreated\", \"flag\": \"gastown\"}";
    private static final AtomicInteger TESTS = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static @Nullable LedgerServer server;

    private KafkaConnection connection;
    private final String environment = "test-" + TESTS.incrementAndGet();
    private final String api = "/api/v1/environments/" + environment;
    private HttpClientForTest http;

    /** All tests share one server, and each has an environment of its own. */
    @BeforeEach
    void open(KafkaForTest kafka) throws InterruptedException {
        connection = KafkaConnection.of(kafka.bootstrapServers());
        if (server == null) {
            LedgerTopics topics = LedgerTopics.withPrefix(kafka.topicPrefix() + "ledger");
            server = LedgerServer.start(new ServerConfig(
                    connection, topics, DEFAULT_ENVIRONMENT, folder, "127.0.0.1", 0, TokensForTest.AUTH));
            assertThat(server.awaitReady(PATIENCE)).isTrue();
        }
        http = new HttpClientForTest(server.httpPort());
    }

    @AfterAll
    static void close() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void anAcceptedChangeTellsItsEventsAndCanBeReadAtOnce() {
        Answer accepted = append("try it", CREATE);
        assertThat(accepted.status()).isEqualTo(201);
        assertThat(accepted.json().get("sequence").intValue()).isEqualTo(1);
        assertThat(accepted.json().at("/events/0/change/type").textValue()).isEqualTo("FlagCreated");
        assertThat(accepted.json().at("/events/0/actor/id").textValue()).isEqualTo("dana");

        Answer flags = http.get(api + "/flags?after=1");
        assertThat(flags.json().get("sequence").intValue()).isEqualTo(1);
        assertThat(flags.json().at("/flags/0/key").textValue()).isEqualTo("gastown");
        assertThat(flags.json().at("/flags/0/stage").textValue()).isEqualTo("ADMIN_ONLY");
    }

    @Test
    void aRetryWithTheSameChangeIdReturnsTheFirstOutcome() {
        String body = "{\"actor\": \"dana\", \"reason\": \"try it\", \"changeId\": \"c-1\", \"changes\": [%s]}"
                .formatted(CREATE);
        Answer first = http.post(api + "/changes", body);
        Answer second = http.post(api + "/changes", body);
        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(http.get(api + "/flags?after=1").json().get("sequence").intValue())
                .isEqualTo(1);
    }

    @Test
    void aRefusalNamesItsKindAndLeavesNothing() {
        append("try it", CREATE);
        Answer refused = append(
                "too fast", "{\"type\": \"StageMoved\", \"flag\": \"gastown\", \"to\": \"GENERALLY_AVAILABLE\"}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.contentType()).isEqualTo("application/problem+json");
        assertThat(refused.header("Ledger-Sequence")).isEqualTo("1");
        assertThat(refused.json().get("type").textValue()).isEqualTo("urn:flag-ledger:problem:stage-skipped");
        assertThat(refused.json().get("refusal").textValue()).isEqualTo("STAGE_SKIPPED");
        assertThat(refused.json().get("detail").textValue()).contains("would leave out ALLOWLIST and PERCENTAGE");
        assertThat(http.get(api + "/head?after=1").json().get("sequence").intValue())
                .isEqualTo(1);
    }

    @Test
    void aConflictTellsWhatHappenedMeanwhile() {
        append("try it", CREATE);
        append("partners", "{\"type\": \"StageMoved\", \"flag\": \"gastown\", \"to\": \"ALLOWLIST\"}");
        Answer conflict = http.as(TokensForTest.admin("lee"))
                .post(
                        api + "/changes",
                        "{\"reason\": \"stop\", \"expectedRevision\": 1, \"changes\": [{\"type\": \"KillSwitchEngaged\", \"flag\": \"gastown\"}]}");
        assertThat(conflict.status()).isEqualTo(409);
        assertThat(conflict.json().get("refusal").textValue()).isEqualTo("REVISION_MOVED");
        assertThat(conflict.json().at("/events/0/reason").textValue()).isEqualTo("partners");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {                                                                         | this is no JSON
                    []                                                                        | a JSON object is expected here but this is an array
                    {"reason": "x", "changes": [], "colour": 1}                               | /colour: there is no field 'colour' here
                    {"reason": "x", "changes": [{"type": "FlagExploded", "flag": "gastown"}]} | /changes/0/type: there is no change 'FlagExploded'
                    {"reason": "x", "changes": [{"type": "StageMoved", "flag": "gastown", "to": "PERCENTAGE", "percentage": 140}]} | /changes/0/percentage: a percentage must be from 0 to 100 but was 140
                    {"reason": "x", "changes": []}                                            | there is no change in the command
                    {"changes": [{"type": "FlagCreated", "flag": "gastown"}]}                 | a change needs a reason
                    """)
    void whatCannotBeUnderstoodIsToldByPlace(String body, String message) {
        Answer answer = http.post(api + "/changes", body);
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().get("detail").textValue()).contains(message);
        assertThat(http.get(api + "/head").status()).as("the environment").isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Bad_Key    | BAD_KEY
                    -          | BAD_KEY
                    """)
    void aBadKeyIsRefused(String key, String refusal) {
        Answer answer = append("try it", "{\"type\": \"FlagCreated\", \"flag\": \"%s\"}".formatted(key));
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.json().get("refusal").textValue()).isEqualTo(refusal);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        append("try it", CREATE);
        for (String path : List.of(
                api + "/flags/nothing", "/api/v1/environments/elsewhere/flags", "/api/v1/nothing", "/nothing.html")) {
            Answer answer = http.get(path);
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.contentType()).as(path).isEqualTo("application/problem+json");
        }
        assertThat(http.get("/api/v1/environments/elsewhere/flags")
                        .json()
                        .get("detail")
                        .textValue())
                .contains("there is no environment 'elsewhere'", "GET /api/v1/environments");
        Answer unknown = http.post(api + "/evaluations", "{\"flag\": \"nothing\"}");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(append("stop", "{\"type\": \"KillSwitchEngaged\", \"flag\": \"nothing\"}")
                        .json()
                        .get("refusal")
                        .textValue())
                .isEqualTo("UNKNOWN_FLAG");
    }

    @Test
    void aBodyThatDoesNotSayItIsJsonIsNotTaken() {
        Answer answer = http.send(http.request(api + "/changes")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}")));
        assertThat(answer.status()).isEqualTo(415);
    }

    @Test
    void aHugeBodyIsNotTaken() {
        assertThat(append("x".repeat(5 << 20), CREATE).status()).isEqualTo(413);
    }

    @Test
    void aRequestUnderAnotherNameIsRefused() throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), http.uri("/").getPort())) {
            socket.getOutputStream()
                    .write("GET /api/v1/environments HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 403");
        }
    }

    @Test
    void anotherEnvironmentComesToBeWithItsFirstChange() {
        Answer created = http.post(
                "/api/v1/environments/gastown-staging/changes",
                "{\"actor\": \"dana\", \"reason\": \"try it\", \"changes\": [%s]}".formatted(CREATE));
        assertThat(created.status()).isEqualTo(201);
        assertThat(http.get("/api/v1/environments/gastown-staging/flags?after=1")
                        .json()
                        .at("/flags/0/key")
                        .textValue())
                .isEqualTo("gastown");
        assertThat(http.get("/api/v1/environments").json().findValuesAsText("name"))
                .contains("gastown-production", "gastown-staging");
    }

    @Test
    void eventsAreFilteredAndPaged() {
        append("try it", CREATE, "{\"type\": \"FlagCreated\", \"flag\": \"other\"}");
        append("partners", "{\"type\": \"StageMoved\", \"flag\": \"gastown\", \"to\": \"ALLOWLIST\"}");
        awaitProjected(3);
        assertThat(http.get(api + "/events?flag=gastown").json().get("events").findValuesAsText("sequence"))
                .containsExactly("1", "3");
        assertThat(http.get(api + "/events?kind=StageMoved")
                        .json()
                        .get("events")
                        .findValuesAsText("sequence"))
                .containsExactly("3");
        assertThat(http.get(api + "/events?actor=nobody").json().get("events")).isEmpty();
        Answer page = http.get(api + "/events?limit=2");
        assertThat(page.json().get("next").intValue()).isEqualTo(2);
        assertThat(http.get(api + "/events?limit=2&after=2")
                        .json()
                        .get("events")
                        .findValuesAsText("sequence"))
                .containsExactly("3");
        assertThat(http.get(api + "/events?until=2020-01-01T00:00:00Z").json().get("events"))
                .isEmpty();
        assertThat(http.get(api + "/events?since=yesterday").status()).isEqualTo(422);
        assertThat(http.get(api + "/events?limit=-1").status()).isEqualTo(422);
    }

    @Test
    void theFeedTellsEachEventAndResumes() throws Exception {
        append("try it", CREATE);
        awaitProjected(1);
        try (BufferedReader feed = feed("")) {
            assertThat(next(feed))
                    .contains("event: head", "data: {\"environment\":\"%s\",\"sequence\":1}".formatted(environment));
            append("partners", "{\"type\": \"StageMoved\", \"flag\": \"gastown\", \"to\": \"ALLOWLIST\"}");
            assertThat(next(feed))
                    .contains("event: change", "id: 2")
                    .anyMatch(line -> line.contains("\"reason\":\"partners\""));
        }
        append("stop", "{\"type\": \"KillSwitchEngaged\", \"flag\": \"gastown\"}");
        try (BufferedReader feed = feed("1")) {
            assertThat(next(feed)).contains("event: head");
            assertThat(next(feed)).contains("id: 2");
            assertThat(next(feed)).contains("id: 3");
        }
    }

    @Test
    void aFeedThatCannotBeServedIsRefusedBeforeItBegins() {
        append("try it", CREATE);
        assertThat(http.get(api + "/feed").status()).isEqualTo(406);
        assertThat(feedStatus(api + "/feed?after=yesterday")).isEqualTo(422);
        assertThat(feedStatus("/api/v1/environments/elsewhere/feed")).isEqualTo(404);
    }

    @Test
    void aClientFromTheFutureGetsWhatComesNext() throws Exception {
        append("try it", CREATE);
        awaitProjected(1);
        try (BufferedReader feed = feed("9999")) {
            assertThat(next(feed)).contains("id: 1");
            append("partners", "{\"type\": \"StageMoved\", \"flag\": \"gastown\", \"to\": \"ALLOWLIST\"}");
            assertThat(next(feed)).contains("event: change", "id: 2");
        }
    }

    @Test
    void whatIsNotServedIsToldAsSuch() {
        append("try it", CREATE);
        Answer put = http.send(http.request(api + "/flags").PUT(BodyPublishers.noBody()));
        assertThat(put.status()).isEqualTo(405);
        assertThat(put.contentType()).isEqualTo("application/problem+json");
    }

    @Test
    void evaluatesAllFlagsFromOneCut() {
        append("try it", CREATE, "{\"type\": \"FlagCreated\", \"flag\": \"other\"}");
        Answer all =
                http.post(api + "/evaluations?after=2", "{\"context\": {\"targetingKey\": \"root\", \"admin\": true}}");
        assertThat(all.json().get("sequence").intValue()).isEqualTo(2);
        assertThat(all.json().at("/decisions").findValuesAsText("reason")).containsExactly("ADMIN", "ADMIN");
        Answer misspelt = http.post(api + "/evaluations", "{\"context\": {\"userId\": \"root\"}}");
        assertThat(misspelt.status()).isEqualTo(422);
        assertThat(misspelt.json().get("detail").textValue())
                .startsWith("/context/userId: there is no field 'userId' here");
    }

    @Test
    void healthAndReadinessAreTold() {
        assertThat(http.get("/healthz").json().get("status").textValue()).isEqualTo("alive");
        Answer ready = http.get("/readyz");
        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.json().at("/evaluator/state").textValue()).isEqualTo("READY");
        assertThat(ready.json().at("/projector/state").textValue()).isEqualTo("RUNNING");
    }

    @Test
    void aTakenPortIsToldAndNothingStaysRunning(KafkaForTest kafka, @TempDir Path other) {
        LedgerTopics topics = LedgerTopics.withPrefix(kafka.topicPrefix() + "other");
        int port = http.uri("/").getPort();
        assertThatThrownBy(() -> LedgerServer.start(new ServerConfig(
                        connection, topics, DEFAULT_ENVIRONMENT, other, "127.0.0.1", port, TokensForTest.AUTH)))
                .isInstanceOf(ServerStartException.class)
                .hasMessageStartingWith(
                        "can't listen on port %d of 127.0.0.1: stop the program that holds it, or choose another port"
                                .formatted(port));
    }

    private Answer append(String reason, String... changes) {
        return http.post(
                api + "/changes",
                "{\"actor\": \"dana\", \"reason\": \"%s\", \"changes\": [%s]}"
                        .formatted(reason, String.join(", ", changes)));
    }

    private void awaitProjected(long sequence) {
        await().atMost(PATIENCE)
                .until(() -> http.get(api + "/head?after=" + sequence)
                                .json()
                                .get("lag")
                                .intValue()
                        == 0);
    }

    private int feedStatus(String path) {
        return http.send(http.request(path).header("Accept", "text/event-stream"))
                .status();
    }

    private BufferedReader feed(String lastEventId) throws IOException, InterruptedException {
        HttpRequest.Builder request = http.request(api + "/feed").header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        InputStream body = http.client()
                .send(request.build(), BodyHandlers.ofInputStream())
                .body();
        return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    private static List<String> next(BufferedReader feed) throws IOException {
        List<String> lines = new ArrayList<>();
        String line = feed.readLine();
        while (line != null && !line.isEmpty()) {
            lines.add(line);
            line = feed.readLine();
        }
        return lines;
    }
}
