package io.flagledger.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.server.HttpClientForTest.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OFREP as a client sees it that holds to the letter of the protocol. */
@ExtendWith(KafkaExtension.class)
final class OfrepTest {
    private static final String DEFAULT = "gastown-production";
    private static final String FLAGS = "/ofrep/v1/evaluate/flags";
    private static final String ADA = "{'context':{'targetingKey':'ada','orgId':'acme','email':'ada@acme.example'}}";
    private static final String PAGE = "https://app.example.com";
    private static final AtomicInteger TESTS = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static @Nullable LedgerServer server;

    private final String environment = "ofrep-" + TESTS.incrementAndGet();
    private HttpClientForTest http;

    @BeforeEach
    void open(KafkaForTest kafka) throws InterruptedException {
        if (server == null) {
            server = LedgerServer.start(new ServerConfig(
                            KafkaConnection.of(kafka.bootstrapServers()),
                            LedgerTopics.withPrefix(kafka.topicPrefix() + "ofrep"),
                            DEFAULT,
                            folder,
                            "127.0.0.1",
                            0,
                            TokensForTest.AUTH)
                    .withEdge(new ServerConfig.Edge(0, Set.of(PAGE), null)));
            assertThat(server.awaitReady(Duration.ofSeconds(30))).isTrue();
        }
        http = new HttpClientForTest(server.httpPort());
        change("{'type':'FlagCreated','flag':'gastown'}");
    }

    @AfterAll
    static void close() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'type':'FlagDescribed','flag':'gastown','title':'Gas Town'}                                          | false | DEFAULT         | STAGE
            {'type':'StageMoved','flag':'gastown','to':'GENERALLY_AVAILABLE','skip':true}                         | true  | STATIC          | GENERALLY_AVAILABLE
            {'type':'StageMoved','flag':'gastown','to':'PERCENTAGE','percentage':99.999,'skip':true}              | true  | SPLIT           | PERCENTAGE
            {'type':'KillSwitchEngaged','flag':'gastown'}                                                         | false | DISABLED        | KILLED
            {'type':'FlagArchived','flag':'gastown'}                                                              | false | DISABLED        | ARCHIVED
            """)
    void aDecisionIsToldInOpenFeaturesWordsAndInOurs(String change, boolean value, String reason, String ours) {
        change(change);
        Answer answer = ask("/gastown", ADA);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json())
                .hasToString(
                        "{'key':'gastown','value':%s,'variant':'%s','reason':'%s','metadata':{'revision':2,'reason':'%s'}}"
                                .formatted(value, value ? "on" : "off", reason, ours)
                                .replace('\'', '"'));
    }

    @Test
    void anAdminIsATargetAndAChildTellsTheParentThatClosedIt() {
        change("{'type':'FlagCreated','flag':'gastown.convoys','parents':['gastown']}");
        JsonNode admin = ask("/gastown.convoys", "{'context':{'targetingKey':'root','admin':true}}")
                .json();
        assertThat(admin.get("reason").textValue()).isEqualTo("TARGETING_MATCH");
        JsonNode ada = ask("/gastown.convoys", ADA).json();
        assertThat(ada.at("/metadata/parent").textValue()).isEqualTo("gastown");
    }

    @Test
    void allFlagsComeFromOneCutAndOnlyTheSetTellsThePosition() {
        JsonNode all = ask("", ADA).json();
        assertThat(all.at("/flags/0/key").textValue()).isEqualTo("gastown");
        assertThat(all.at("/flags/0").toString()).doesNotContain("sequence");
        assertThat(all.get("metadata").toString()).contains("\"sequence\":1", "\"stale\":false", environment);
        assertThat(all.at("/eventStreams/0/type").textValue()).isEqualTo("sse");
    }

    @Test
    void nothingIsSentAgainToWhomHasItUntilAFlagOrTheContextIsAnother() {
        Answer first = ask("", ADA);
        String tag = first.header("ETag");
        Answer same = send(request("", ADA).header("If-None-Match", tag));
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.header("ETag")).isEqualTo(tag);
        Answer other = send(request("", "{'context':{'targetingKey':'ben'}}").header("If-None-Match", tag));
        assertThat(other.status()).isEqualTo(200);
        change("{'type':'KillSwitchEngaged','flag':'gastown'}");
        assertThat(send(request("", ADA).header("If-None-Match", tag)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /nothing | {'context':{}}                               | 404 | FLAG_NOT_FOUND  | there is no flag 'nothing'
            /gastown | {'context':                                  | 400 | PARSE_ERROR     | this is no JSON
            /gastown | ['context']                                  | 400 | PARSE_ERROR     | must be an object
            /gastown | {'context':{'targetingKey':7}}               | 400 | INVALID_CONTEXT | targetingKey must be a string
            /gastown | {'context':{'orgId':['acme']}}               | 400 | INVALID_CONTEXT | orgId must be a string
            ''       | {'context':{'admin':'yes'}}                  | 400 | INVALID_CONTEXT | admin must be true or false
            """)
    void aFailureIsToldInOfrepsWords(String path, String body, int status, String code, String details) {
        Answer answer = ask(path, body);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().get("errorCode").textValue()).isEqualTo(code);
        assertThat(answer.json().get("errorDetails").textValue()).contains(details);
        assertThat(answer.json().path("key").asText("")).isEqualTo(path.replace("/", ""));
    }

    @Test
    void nobodyInParticularMayAskWithoutAContext() {
        assertThat(ask("/gastown", "{}").json().get("reason").textValue()).isEqualTo("DEFAULT");
    }

    @Test
    void whoMayNotEvaluateIsToldSoInJson() {
        Answer without = http.send(HttpRequest.newBuilder(http.uri(FLAGS)).POST(BodyPublishers.ofString("{}")));
        assertThat(without.status()).isEqualTo(401);
        assertThat(without.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(without.json().get("errorDetails").textValue()).contains("Authorization: Bearer");
        http = http.as(TokensForTest.of("service:town", "evaluator@elsewhere"));
        Answer elsewhere = ask("", ADA);
        assertThat(elsewhere.status()).isEqualTo(403);
        assertThat(elsewhere.json().get("errorDetails").textValue()).contains("evaluator", environment);
        http = http.as(TokensForTest.of("service:town", "evaluator@" + environment));
        assertThat(ask("", ADA).status()).isEqualTo(200);
    }

    @Test
    void aPageOfAnAllowedOriginMayReadAnswersAndTheirTag() {
        Answer preflight = send(HttpRequest.newBuilder(http.uri(FLAGS))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", PAGE)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,content-type,if-none-match"));
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo(PAGE);
        assertThat(preflight.header("Access-Control-Allow-Headers")).contains("If-None-Match", "X-Ledger-Environment");
        assertThat(preflight.header("Access-Control-Max-Age")).isEqualTo("7200");
        Answer answer = send(request("", ADA).header("Origin", PAGE));
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(PAGE);
        assertThat(answer.header("Access-Control-Expose-Headers")).contains("ETag");
        assertThat(answer.header("Vary")).contains("Origin");
        Answer foreign = send(request("", ADA).header("Origin", "https://app.example.com.evil.example"));
        assertThat(foreign.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void theStreamTellsToAskAgainWhenItOpensAndAtEachChange() throws Exception {
        try (BufferedReader stream = stream(address())) {
            assertThat(next(stream))
                    .anyMatch(line -> line.startsWith("data: {\"type\":\"refetchEvaluation\",\"etag\":\"1\""));
            change("{'type':'KillSwitchEngaged','flag':'gastown'}");
            assertThat(next(stream)).contains("id: 2").anyMatch(line -> line.contains("\"etag\":\"2\""));
            change("{'type':'KillSwitchReleased','flag':'gastown'}");
            assertThat(next(stream)).contains("id: 3");
        }
    }

    @Test
    void whoWasToldOfAChangeIsAnsweredByNothingOlder() {
        long sequence = change("{'type':'KillSwitchEngaged','flag':'gastown'}");
        JsonNode all = ask("?flagConfigEtag=" + sequence + "&flagConfigLastModified=1", ADA)
                .json();
        assertThat(all.at("/metadata/sequence").longValue()).isEqualTo(sequence);
    }

    @Test
    void theTokenOfAStreamIsGoodForNothingElseAndNoOtherTokenForAStream() throws Exception {
        String address = address();
        String token = address.replaceFirst(".*token=", "");
        http = http.as(token);
        assertThat(ask("", ADA).status()).isEqualTo(401);
        assertThat(http.get("/api/v1/me").status()).isEqualTo(401);
        String other = TokensForTest.admin("dana");
        assertThat(http.get("/ofrep/v1/stream?token=" + other).status()).isEqualTo(401);
        assertThat(http.get(address.substring(0, address.length() - 2) + "xx").status())
                .isEqualTo(401);
        assertThat(http.get("/ofrep/v1/stream").status()).isEqualTo(401);
    }

    private String address() {
        return ask("", ADA).json().at("/eventStreams/0/endpoint/requestUri").textValue();
    }

    private Answer ask(String path, String body) {
        return send(request(path, body));
    }

    private HttpRequest.Builder request(String path, String body) {
        return http.request(FLAGS + path)
                .header("Content-Type", "application/json; charset=utf-8")
                .header("X-Ledger-Environment", environment)
                .POST(BodyPublishers.ofString(body.replace('\'', '"')));
    }

    private Answer send(HttpRequest.Builder request) {
        return http.send(request);
    }

    /** Makes a change, and waits until the instance answers by it. */
    private long change(String change) {
        HttpClientForTest api = new HttpClientForTest(http.uri("/").getPort());
        Answer answer = api.post(
                "/api/v1/environments/" + environment + "/changes",
                "{'reason':'try it','changes':[%s]}".formatted(change).replace('\'', '"'));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        long sequence = answer.json().get("sequence").longValue();
        assertThat(api.get("/api/v1/environments/%s/flags?after=%d".formatted(environment, sequence))
                        .status())
                .isEqualTo(200);
        return sequence;
    }

    private BufferedReader stream(String address) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer =
                http.client().send(HttpRequest.newBuilder(http.uri(address)).build(), BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static List<String> next(BufferedReader stream) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = stream.readLine(); line != null && !line.isEmpty(); line = stream.readLine()) {
            lines.add(line);
        }
        return lines;
    }
}
