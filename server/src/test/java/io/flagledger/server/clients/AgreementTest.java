package io.flagledger.server.clients;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagLedgerConfig;
import io.flagledger.server.HttpClientForTest;
import io.flagledger.server.LedgerServer;
import io.flagledger.server.ServerConfig;
import io.flagledger.server.TokensForTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever somebody asks by, the answer is the same. {@code -Dflagledger.agreement=300x1000} asks so many flags for so many
 * contexts in place of the usual ones.
 */
@ExtendWith(KafkaExtension.class)
final class AgreementTest {
    private static final String ENVIRONMENT = "agreement";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String[] SIZE =
            System.getProperty("flagledger.agreement", "60x200").split("x", 2);
    private static final int FLAGS = Integer.parseInt(SIZE[0]);
    private static final int CONTEXTS = Integer.parseInt(SIZE[1]);
    private static final int BATCH = 100;
    private static final long SEED = Long.getLong("flagledger.seed", 7);

    @TempDir
    private static Path folder;

    private static @Nullable LedgerServer server;
    private static @Nullable FlagLedger sdk;
    private static @Nullable NodeClient flagd;
    private static HttpClientForTest http;

    @BeforeAll
    static void start(KafkaForTest kafka) throws Exception {
        NodePrograms.require();
        KafkaConnection connection = KafkaConnection.of(kafka.bootstrapServers());
        LedgerTopics topics = LedgerTopics.withPrefix(kafka.topicPrefix() + "agreement");
        LedgerServer started = LedgerServer.start(
                new ServerConfig(connection, topics, ENVIRONMENT, folder, "127.0.0.1", 0, TokensForTest.AUTH));
        server = started;
        assertThat(started.awaitReady(PATIENCE)).isTrue();
        http = new HttpClientForTest(started.httpPort());
        sdk = FlagLedger.connect(FlagLedgerConfig.of(connection, ENVIRONMENT).withTopics(topics));
        sdk.awaitReady(PATIENCE);
        flagd = NodeClient.start(
                "flagd",
                new Target(
                        "http://127.0.0.1:" + started.httpPort(),
                        "127.0.0.1:" + started.grpcPort(),
                        ENVIRONMENT,
                        TokensForTest.of("service:town", "evaluator@" + ENVIRONMENT)));
    }

    @AfterAll
    static void stop() {
        Stream.of(flagd, sdk, server).filter(part -> part != null).forEach(part -> {
            try {
                part.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void theSdkAndTheServerAndOfrepAndFlagdInNodeDecideTheSame() throws Exception {
        RandomFlags random = new RandomFlags(SEED);
        write(random.changes(FLAGS));
        long rows = 0;
        List<Subject> subjects =
                Stream.generate(random::subject).limit(CONTEXTS).toList();
        for (int from = 0; from < subjects.size(); from += BATCH) {
            List<Subject> batch = subjects.subList(from, Math.min(subjects.size(), from + BATCH));
            List<List<Row>> byFlagd = byFlagd(batch);
            for (int i = 0; i < batch.size(); i++) {
                Subject subject = batch.get(i);
                List<Row> bySdk = bySdk(subject);
                assertThat(byHttp(subject)).as("HTTP for %s", subject).isEqualTo(bySdk);
                assertThat(byOfrep(subject)).as("OFREP for %s", subject).isEqualTo(bySdk);
                assertThat(byFlagd.get(i)).as("flagd in Node for %s", subject).isEqualTo(bySdk);
                rows += bySdk.size();
            }
        }
        System.out.printf("%,d decisions, each the same by SDK, HTTP, OFREP and npm's flagd-provider%n", rows);
        assertThat(rows).isGreaterThanOrEqualTo((long) FLAGS * CONTEXTS);
    }

    @Test
    void anIdBeyondAsciiIsDrawnOtherwiseByNpmsFlagdAndTheFlagSaysSo() throws Exception {
        write(List.of(
                FlagCreated.bool("half"), new StageMoved("half", Stage.PERCENTAGE, new Percentage(50_000), true)));
        List<Subject> subjects = Stream.iterate(0, i -> i + 1)
                .limit(200)
                .map(i -> Subject.user("é" + i))
                .toList();
        List<List<Row>> byFlagd = byFlagd(subjects, "half");
        long different = 0;
        for (int i = 0; i < subjects.size(); i++) {
            Row bySdk = row(view().decide("half", subjects.get(i), false));
            assertThat(byOfrep(subjects.get(i))).contains(bySdk);
            different += bySdk.equals(byFlagd.get(i).get(0)) ? 0 : 1;
        }
        System.out.printf("of 200 ids that begin with é npm's flagd-provider draws %d otherwise%n", different);
        assertThat(different).as("or the warning may go").isPositive();
        assertThat(http.get("/api/v1/environments/" + ENVIRONMENT + "/flagd")
                        .json()
                        .at("/flags/half/metadata/warning")
                        .textValue())
                .contains("plain ASCII");
    }

    private static List<Row> bySdk(Subject subject) {
        CompiledEnvironment view = view();
        return view.state().flags().sortedKeys().stream()
                .map(key -> row(view.decide(key, subject, false)))
                .toList();
    }

    private static Row row(Decision decision) {
        if (decision.value() == null) {
            throw new AssertionError("there is no flag " + decision.flag());
        }
        return row(decision.flag(), decision.variant(), LedgerJson.value(decision.value()));
    }

    /** JSON does not tell 5 from 5.0, and not every program writes a number in the same way. */
    private static Row row(String flag, @Nullable String variant, JsonNode value) {
        return new Row(flag, variant, value.isNumber() ? String.valueOf(value.doubleValue()) : value.toString());
    }

    private static List<Row> byHttp(Subject subject) {
        ObjectNode body = LedgerJson.object();
        body.set("context", context(subject, true));
        JsonNode answer = http.post("/api/v1/environments/" + ENVIRONMENT + "/evaluations", body.toString())
                .json();
        List<Row> rows = new ArrayList<>();
        answer.get("decisions")
                .forEach(each -> rows.add(
                        row(each.get("flag").textValue(), each.get("variant").textValue(), each.get("value"))));
        return rows;
    }

    private static List<Row> byOfrep(Subject subject) {
        ObjectNode body = LedgerJson.object();
        body.set("context", context(subject, true));
        JsonNode answer = http.send(http.request("/ofrep/v1/evaluate/flags")
                        .header("Content-Type", "application/json")
                        .header("X-Ledger-Environment", ENVIRONMENT)
                        .POST(BodyPublishers.ofString(body.toString())))
                .json();
        List<Row> rows = new ArrayList<>();
        answer.get("flags")
                .forEach(each -> rows.add(
                        row(each.get("key").textValue(), each.get("variant").textValue(), each.get("value"))));
        return rows;
    }

    private static List<List<Row>> byFlagd(List<Subject> subjects) {
        return byFlagd(subjects, view().state().flags().sortedKeys().toArray(String[]::new));
    }

    private static List<List<Row>> byFlagd(List<Subject> subjects, String... keys) {
        ArrayNode questions = LedgerJson.array(List.of());
        for (Subject subject : subjects) {
            for (String key : keys) {
                questions.addObject().put("flag", key).put("kind", kind(key)).set("context", context(subject, false));
            }
        }
        JsonNode answers = requireNonNull(flagd).ask(questions);
        List<List<Row>> rows = new ArrayList<>();
        for (int i = 0; i < subjects.size(); i++) {
            List<Row> mine = new ArrayList<>();
            for (int j = 0; j < keys.length; j++) {
                JsonNode answer = answers.get(i * keys.length + j);
                assertThat(answer.path("error").asText(""))
                        .as("%s for %s", keys[j], subjects.get(i))
                        .isEmpty();
                mine.add(row(keys[j], answer.get("variant").textValue(), answer.get("value")));
            }
            rows.add(mine);
        }
        return rows;
    }

    private static String kind(String key) {
        FlagState flag = requireNonNull(view().state().flags().get(key), key);
        return switch (flag.type()) {
            case BOOLEAN -> "boolean";
            case STRING -> "string";
            case INTEGER, DOUBLE -> "number";
            case OBJECT -> "object";
        };
    }

    private static ObjectNode context(Subject subject, boolean tellsAdmin) {
        ObjectNode context = LedgerJson.object();
        if (subject.user() != null) {
            context.put("targetingKey", subject.user());
        }
        if (subject.org() != null) {
            context.put("orgId", subject.org());
        }
        if (subject.admin() || tellsAdmin) {
            context.put("admin", subject.admin());
        }
        return context;
    }

    /** Writes changes, and waits until both the SDK and the provider in Node know them. */
    private static void write(List<Change> changes) throws Exception {
        long sequence = 0;
        for (int from = 0; from < changes.size(); from += BATCH) {
            ObjectNode body = LedgerJson.object().put("reason", "at random");
            body.set(
                    "changes",
                    LedgerJson.array(changes.subList(from, Math.min(changes.size(), from + BATCH)).stream()
                            .map(LedgerJson::change)
                            .toList()));
            HttpClientForTest.Answer answer =
                    http.post("/api/v1/environments/" + ENVIRONMENT + "/changes", LedgerJson.print(body));
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            sequence = answer.json().get("sequence").longValue();
        }
        NodeClient node = requireNonNull(flagd);
        assertThat(requireNonNull(sdk).awaitSequence(sequence, PATIENCE)).isTrue();
        String last = changes.get(changes.size() - 1).flag();
        long revision = http.get("/api/v1/environments/" + ENVIRONMENT + "/flags/" + last + "?after=" + sequence)
                .json()
                .get("revision")
                .longValue();
        ArrayNode question = LedgerJson.array(List.of());
        question.addObject().put("flag", last).put("kind", kind(last)).set("context", LedgerJson.object());
        await().atMost(PATIENCE)
                .until(() -> node.ask(question).get(0).path("revision").longValue() == revision);
    }

    private static CompiledEnvironment view() {
        return requireNonNull(sdk).view();
    }

    /** What somebody is served. */
    private record Row(String flag, @Nullable String variant, String value) {}
}
