package io.flagledger.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.server.HttpClientForTest.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Questions about the past of one environment: created, put on an allowlist, killed, and another flag. */
@ExtendWith(KafkaExtension.class)
final class HistoryApiTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ENVIRONMENT = "gastown-production";
    private static final String API = "/api/v1/environments/" + ENVIRONMENT;
    private static final int MANY = 1_201;

    @TempDir
    private static Path folder;

    private static @Nullable LedgerServer server;

    private HttpClientForTest http;

    @BeforeEach
    void open(KafkaForTest kafka) throws InterruptedException {
        if (server == null) {
            LedgerTopics topics = LedgerTopics.withPrefix(kafka.topicPrefix() + "ledger");
            server = LedgerServer.start(new ServerConfig(
                    KafkaConnection.of(kafka.bootstrapServers()),
                    topics,
                    ENVIRONMENT,
                    folder,
                    "127.0.0.1",
                    0,
                    TokensForTest.AUTH));
            assertThat(server.awaitReady(PATIENCE)).isTrue();
            http = new HttpClientForTest(server.httpPort());
            change("dana", "try it", "{\"type\": \"FlagCreated\", \"flag\": \"gastown\"}");
            change("dana", "partners", "{\"type\": \"StageMoved\", \"flag\": \"gastown\", \"to\": \"ALLOWLIST\"}", """
                    {"type": "AllowlistChanged", "flag": "gastown", "added": {"users": [{"id": "ada", "org": "acme"}]}}""");
            change("lee", "=stop, \"now\"", "{\"type\": \"KillSwitchEngaged\", \"flag\": \"gastown\"}");
            change("lee", "more", "{\"type\": \"FlagCreated\", \"flag\": \"other\"}");
        }
        http = new HttpClientForTest(server.httpPort());
    }

    @AfterAll
    static void close() {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    @Test
    void flagsAreToldAsTheyWere() {
        assertThat(http.get(API + "/flags?at=1").json().at("/flags/0/stage").textValue())
                .isEqualTo("ADMIN_ONLY");
        assertThat(http.get(API + "/flags/gastown?at=%233")
                        .json()
                        .at("/allowlist/users/0/id")
                        .textValue())
                .isEqualTo("ada");
        assertThat(http.get(API + "/flags/gastown?at=2").json().get("stage").textValue())
                .as("a batch is never cut in two")
                .isEqualTo("ADMIN_ONLY");
        assertThat(http.get(API + "/flags?at=0").json().get("flags")).isEmpty();
        assertThat(http.get(API + "/flags?at=1w").json().get("sequence").intValue())
                .isZero();
        assertThat(http.get(API + "/flags?at=2100-01-01T00:00:00+02:00").header("Ledger-Sequence"))
                .isEqualTo("5");
        assertThat(http.get(API + "/flags/other?at=4").status()).isEqualTo(404);
        Answer beyond = http.get(API + "/flags?at=99");
        assertThat(beyond.status()).isEqualTo(404);
        assertThat(beyond.json().get("detail").textValue()).contains("there is no event 99", "the last one is 5");
    }

    @Test
    void aHistoryTellsWhatEachFieldWas() {
        Answer history = http.get(API + "/flags/gastown/history");
        assertThat(history.json().get("sequence").intValue()).isEqualTo(5);
        assertThat(history.json().at("/revisions")).hasSize(4);
        assertThat(history.json().at("/revisions/1/event/reason").textValue()).isEqualTo("partners");
        assertThat(history.json().at("/revisions/1/differences/0/before").textValue())
                .isEqualTo("ADMIN_ONLY");
        assertThat(history.json().at("/revisions/1/differences/0/after").textValue())
                .isEqualTo("ALLOWLIST");
        assertThat(http.get(API + "/flags/nothing/history").status()).isEqualTo(404);
    }

    @Test
    void aHistoryCanBeAskedForFromAnEventOn() {
        JsonNode one = http.get(API + "/flags/gastown/history?since=3&limit=1").json();
        assertThat(one.get("revisions")).hasSize(1);
        assertThat(one.at("/revisions/0/event/sequence").intValue()).isEqualTo(3);
        assertThat(one.at("/revisions/0/differences/0/field").textValue()).isEqualTo("allowlist");
        assertThat(http.get(API + "/flags/gastown/history?since=5").json().get("revisions"))
                .isEmpty();
        assertThat(http.get(API + "/flags/nothing/history?since=5").status()).isEqualTo(404);
    }

    @Test
    void theWholeLifeIsToldInMarks() {
        JsonNode life = http.get(API + "/marks").json();
        assertThat(life.get("sequence").intValue()).isEqualTo(5);
        assertThat(life.get("marks").findValuesAsText("last"))
                .as("a batch is one")
                .containsExactly("1", "3", "4", "5");
        assertThat(life.get("marks").findValuesAsText("kills")).containsExactly("0", "0", "1", "0");
        assertThat(life.at("/marks/2/actor").textValue()).isEqualTo("lee");
        assertThat(life.at("/marks/1/reason").textValue()).isEqualTo("partners");
        JsonNode two = http.get(API + "/marks?limit=2").json().get("marks");
        assertThat(two.findValuesAsText("last")).containsExactly("3", "5");
        assertThat(two.get(0).has("reason")).as("more than one change").isFalse();
    }

    @Test
    void aSeriesTellsHowFarAFlagWasOpen() {
        JsonNode points = http.get(API + "/flags/gastown/series").json().get("points");
        assertThat(points.findValuesAsText("sequence")).containsExactly("1", "3", "4");
        assertThat(points.findValuesAsText("stage")).containsExactly("ADMIN_ONLY", "ALLOWLIST", "ALLOWLIST");
        assertThat(points.findValuesAsText("killSwitch")).containsExactly("RELEASED", "RELEASED", "NEW_ACCESS");
        assertThat(http.get(API + "/flags/nothing/series").status()).isEqualTo(404);
    }

    @Test
    void wordsAreFoundInEvents() {
        assertThat(pages(API + "/events?text=PARTNERS")).containsExactly(2L, 3L);
        assertThat(pages(API + "/events?text=acme%20partners&limit=1")).containsExactly(3L);
        assertThat(pages(API + "/events?text=gastown&actor=lee&order=newest")).containsExactly(4L);
        assertThat(pages(API + "/events?text=nowhere")).isEmpty();
        assertThat(http.get(API + "/events?text=acme&format=ndjson").text().lines())
                .hasSize(1);
        String digest =
                http.get(API + "/events?since=5").json().at("/events/0/digest").textValue();
        assertThat(pages(API + "/events?text=" + digest)).containsExactly(5L);
    }

    @Test
    void twoCutsAreCompared() {
        Answer diff = http.get(API + "/diff?from=1&to=4");
        assertThat(diff.json().at("/from/sequence").intValue()).isEqualTo(1);
        assertThat(diff.json().at("/to/sequence").intValue()).isEqualTo(4);
        assertThat(diff.json().at("/flags/0/differences").findValuesAsText("field"))
                .contains("stage", "killSwitch");
        assertThat(http.get(API + "/diff?from=4").json().at("/flags/0/flag").textValue())
                .isEqualTo("other");
        assertThat(http.get(API + "/diff").json().get("detail").textValue())
                .startsWith("the query's from is missing: it is a sequence (42), a time");
    }

    @Test
    void aTimelineTellsWhenAccessWasHad() {
        Answer timeline = http.get(API + "/flags/gastown/timeline?user=ada&org=acme");
        assertThat(timeline.json().get("open").booleanValue()).isFalse();
        assertThat(timeline.json().at("/intervals/0/from/event/sequence").intValue())
                .isEqualTo(3);
        assertThat(timeline.json().at("/intervals/0/until/event/sequence").intValue())
                .isEqualTo(4);
        assertThat(http.get(API + "/flags/nothing/timeline?user=ada").status()).isEqualTo(404);
        assertThat(http.get(API + "/flags/gastown/timeline?user=ada&admin=yes").status())
                .isEqualTo(422);
    }

    @Test
    void aDecisionIsMadeAsItWasThen() {
        String body =
                "{\"flag\": \"gastown\", \"context\": {\"targetingKey\": \"ada\", \"orgId\": \"acme\"}, \"at\": %s}";
        assertThat(http.post(API + "/evaluations", body.formatted(3))
                        .json()
                        .get("granted")
                        .booleanValue())
                .isTrue();
        assertThat(http.post(API + "/evaluations", body.formatted("\"#4\""))
                        .json()
                        .get("granted")
                        .booleanValue())
                .isFalse();
        Answer all = http.post(API + "/evaluations", "{\"at\": 3}");
        assertThat(all.json().get("sequence").intValue()).isEqualTo(3);
        assertThat(all.json().get("decisions")).hasSize(1);
        assertThat(http.post(API + "/evaluations", "{\"flag\": \"other\", \"at\": 3}")
                        .status())
                .isEqualTo(404);
        assertThat(http.post(API + "/evaluations", "{\"at\": \"soon\"}")
                        .json()
                        .get("detail")
                        .textValue())
                .startsWith("/at: 'soon' is neither");
    }

    @Test
    void eventsArePagedFromBothEnds() {
        assertThat(pages(API + "/events?limit=2")).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(pages(API + "/events?limit=2&order=newest")).containsExactly(5L, 4L, 3L, 2L, 1L);
        assertThat(pages(API + "/events?limit=1&order=newest&flag=gastown&actor=dana"))
                .containsExactly(3L, 2L, 1L);
        assertThat(pages(API + "/events?limit=2&since=2&until=%234")).containsExactly(2L, 3L, 4L);
        assertThat(pages(API + "/events?limit=5")).as("no empty page").hasSize(5);
        assertThat(http.get(API + "/events?kind=stage-moved").json().get("events"))
                .hasSize(1);
        assertThat(http.get(API + "/events?before=3&order=newest&limit=1")
                        .json()
                        .at("/events/0/sequence")
                        .intValue())
                .isEqualTo(2);
    }

    @Test
    void allThatMatchesIsExportedAsLines() {
        String environment = "/api/v1/environments/many";
        HttpClientForTest client = http;
        for (int from = 0; from < MANY; from += 100) {
            String[] creations = IntStream.range(from, Math.min(MANY, from + 100))
                    .mapToObj("{\"type\": \"FlagCreated\", \"flag\": \"flag-%04d\"}"::formatted)
                    .toArray(String[]::new);
            Answer done = client.post(
                    environment + "/changes",
                    "{\"actor\": \"dana\", \"reason\": \"many\", \"changes\": [%s]}"
                            .formatted(String.join(", ", creations)));
            assertThat(done.status()).isEqualTo(201);
        }
        await().atMost(PATIENCE)
                .until(() -> http.get(environment + "/head?after=" + MANY).status() == 200);
        Answer lines = http.get(environment + "/events?format=ndjson&atLeast=" + MANY);
        assertThat(lines.contentType()).startsWith("application/x-ndjson");
        assertThat(lines.header("Ledger-Sequence")).isEqualTo(String.valueOf(MANY));
        assertThat(lines.text().lines()).hasSize(MANY);
        assertThat(lines.text().lines().skip(MANY - 1).findFirst().orElseThrow())
                .contains("\"sequence\":%d,".formatted(MANY));
        Answer newest =
                http.send(http.request(environment + "/events?order=newest").header("Accept", "text/csv"));
        assertThat(newest.text().lines()).hasSize(MANY + 1);
        assertThat(newest.text().lines().skip(1).findFirst().orElseThrow()).startsWith("many,%d,".formatted(MANY));
        assertThat(http.get(environment + "/events?format=csv&limit=700").text().lines())
                .hasSize(701);
    }

    @Test
    void anExportForASpreadsheetHoldsNoFormula() {
        Answer csv = http.get(API + "/events?format=csv&kind=KillSwitchEngaged");
        assertThat(csv.text().lines().findFirst().orElseThrow()).startsWith("environment,sequence,ledgerTime,flag,");
        assertThat(csv.text()).contains(",\"'=stop, \"\"now\"\"\",");
        assertThat(csv.header("Content-Disposition")).contains("gastown-production-events.csv");
    }

    @Test
    void activityIsCountedByDayActorAndKind() {
        JsonNode counts = http.get(API + "/activity").json().get("counts");
        assertThat(counts.findValuesAsText("actor")).containsExactly("dana", "dana", "dana", "lee", "lee");
        assertThat(counts.get(0).get("day").textValue())
                .isEqualTo(LocalDate.now(ZoneOffset.UTC).toString());
        assertThat(counts.findValues("changes").stream()
                        .mapToInt(JsonNode::intValue)
                        .sum())
                .isEqualTo(5);
        assertThat(http.get(API + "/activity?from=2020-01-01&to=2020-01-31")
                        .json()
                        .get("counts"))
                .isEmpty();
        assertThat(http.get(API + "/activity?from=1").status()).isEqualTo(422);
        assertThat(http.get(API + "/activity?from=2020-02-01&to=2020-01-31").status())
                .isEqualTo(422);
    }

    @Test
    void whatTheClientHasAlreadyIsNotSentAgain() {
        Answer first = http.get(API + "/flags");
        Answer again = http.send(http.request(API + "/flags").header("If-None-Match", first.header("ETag")));
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.text()).isEmpty();
        assertThat(http.get(API + "/flags?at=4").header("ETag")).isNotEqualTo(first.header("ETag"));
    }

    @Test
    void theHeadCarriesBothDigests() {
        JsonNode head = http.get(API + "/head").json();
        JsonNode held =
                http.get("/api/v1/instances?environment=" + ENVIRONMENT).json().at("/instances/0");
        assertThat(head.get("sequence").intValue()).isEqualTo(5);
        assertThat(head.get("lag").intValue()).isZero();
        assertThat(held.at("/environments/0/stateDigest")).isEqualTo(head.get("stateDigest"));
        assertThat(held.at("/environments/0/role").textValue()).isEqualTo("ACTIVE");
        assertThat(held.get("roles").toString()).isEqualTo("[\"projector\",\"console\",\"gateway\"]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    /events?flg=gastown            | the query has no parameter 'flg' here, only actor, after, atLeast
                    /events?kind=Exploded          | 'Exploded', which is none of AllowlistChanged
                    /events?order=best             | the query's order must be oldest or newest but is 'best'
                    /events?format=xml             | must be json or ndjson or csv
                    /events?limit=0                | the query's limit must be 1 or more
                    /events?until=2026-02-30       | there is no such day
                    /events?after=-1               | the query's after must be a whole number from 0
                    /flags?at=yesterday            | the query's at: 'yesterday' is neither a sequence (42)
                    /flags?colour=red              | only after, at, stale
                    /diff?from=1&to=-3d            | a span back from now has no sign
                    /head?stale=perhaps            | must be false or true
                    """)
    void aBadParameterIsToldByName(String path, String message) {
        Answer answer = http.get(API + path);
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().get("detail").textValue()).contains(message);
    }

    /** The sequences of all pages, followed by their links. */
    private List<Long> pages(String first) {
        List<Long> sequences = new ArrayList<>();
        String path = first;
        while (!path.isEmpty()) {
            Answer page = http.get(path);
            assertThat(page.json().get("sequence").intValue()).isEqualTo(5);
            page.json()
                    .get("events")
                    .forEach(event -> sequences.add(event.get("sequence").longValue()));
            String link = page.header("Link");
            path = link.isEmpty() ? "" : link.substring(1, link.indexOf('>'));
        }
        return sequences;
    }

    private void change(String actor, String reason, String... changes) {
        Answer done = http.as(TokensForTest.admin(actor))
                .post(
                        API + "/changes",
                        "{\"reason\": \"%s\", \"changes\": [%s]}"
                                .formatted(reason.replace("\"", "\\\""), String.join(", ", changes)));
        assertThat(done.status()).isEqualTo(201);
    }
}
