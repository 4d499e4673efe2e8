package io.flagledger.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Reason;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagLedgerConfig;
import io.flagledger.server.HttpClientForTest.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The story that the README tells: a surface goes from admins only to everyone, is killed, and comes back. */
@ExtendWith(KafkaExtension.class)
final class GastownStoryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ENVIRONMENT = "gastown-production";
    private static final String API = "/api/v1/environments/" + ENVIRONMENT;
    private static final Subject ADMIN = Subject.user("root").asAdmin();
    private static final Subject ADA = Subject.user("ada").org("acme");
    private static final Subject COLLEAGUE = Subject.user("bob").org("acme");
    private static final Subject STRANGER = Subject.user("eve").org("evil");

    @TempDir
    private Path folder;

    private LedgerServer server;
    private FlagLedger flags;
    private HttpClientForTest http;

    @BeforeEach
    void open(KafkaForTest kafka) throws InterruptedException {
        KafkaConnection connection = KafkaConnection.of(kafka.bootstrapServers());
        LedgerTopics topics = LedgerTopics.withPrefix(kafka.topicPrefix() + "ledger");
        server = LedgerServer.start(
                new ServerConfig(connection, topics, ENVIRONMENT, folder, "127.0.0.1", 0, TokensForTest.AUTH));
        assertThat(server.awaitReady(PATIENCE)).isTrue();
        http = new HttpClientForTest(server.httpPort());
        flags = FlagLedger.connect(FlagLedgerConfig.of(connection, ENVIRONMENT).withTopics(topics));
        flags.awaitReady(PATIENCE);
    }

    @AfterEach
    void close() {
        flags.close();
        server.close();
    }

    @Test
    void fromAdminsToEveryoneAndBack() throws InterruptedException {
        change("try it ourselves", "{\"type\": \"FlagCreated\", \"flag\": \"gastown\", \"title\": \"Agent towns\"}");
        assertThat(open(ADMIN)).isTrue();
        assertThat(open(ADA)).isFalse();
        assertThat(decide(ADA).reason()).isEqualTo(Reason.STAGE);

        change("first design partner", stage("ALLOWLIST", ""), """
                {"type": "AllowlistChanged", "flag": "gastown", "added": {"users": [{"id": "ada", "org": "acme"}]}}""");
        assertThat(open(ADA)).isTrue();
        assertThat(open(COLLEAGUE)).as("her whole org is in").isTrue();
        assertThat(open(STRANGER)).isFalse();
        assertThat(decide(COLLEAGUE).entry()).isEqualTo(new Decision.Entry("ada", "acme"));

        change("a quarter of all orgs", stage("PERCENTAGE", ", \"percentage\": 25"));
        List<String> quarter = openOrgs();
        assertThat(quarter).hasSizeBetween(200, 300);
        assertThat(openOrgs()).as("sticky").isEqualTo(quarter);
        String org = quarter.get(0);
        assertThat(IntStream.range(0, 50)
                        .mapToObj(i -> Subject.user("user-" + i).org(org)))
                .as("whole orgs")
                .allMatch(this::open);
        assertThat(open(COLLEAGUE)).as("each stage includes those before").isTrue();

        change("half of all orgs", stage("PERCENTAGE", ", \"percentage\": 50"));
        assertThat(openOrgs()).as("raising it takes nobody out").containsAll(quarter);

        change("for everybody", stage("GENERALLY_AVAILABLE", ""));
        assertThat(open(STRANGER)).isTrue();
        assertThat(open(Subject.anonymous())).isTrue();

        change("agents run wild", "{\"type\": \"KillSwitchEngaged\", \"flag\": \"gastown\"}");
        assertThat(open(ADA)).isFalse();
        assertThat(decide(STRANGER).reason()).isEqualTo(Reason.KILLED);
        assertThat(open(ADMIN)).isTrue();

        change("fixed in 4.2.1", "{\"type\": \"KillSwitchReleased\", \"flag\": \"gastown\"}");
        assertThat(open(STRANGER)).isTrue();
        Answer flag = http.get(API + "/flags/gastown");
        assertThat(flag.json().get("stage").textValue()).isEqualTo("GENERALLY_AVAILABLE");
        assertThat(flag.json().get("killSwitch").textValue()).isEqualTo("RELEASED");
        assertThat(http.get(API + "/flags/gastown/history")
                        .json()
                        .get("revisions")
                        .findValuesAsText("reason"))
                .containsExactly(
                        "try it ourselves",
                        "first design partner",
                        "first design partner",
                        "a quarter of all orgs",
                        "half of all orgs",
                        "for everybody",
                        "agents run wild",
                        "fixed in 4.2.1");
    }

    @Test
    void aKilledParentClosesItsChildren() throws InterruptedException {
        change(
                "the agent platform",
                "{\"type\": \"FlagCreated\", \"flag\": \"gastown\"}",
                "{\"type\": \"FlagCreated\", \"flag\": \"gastown.merge-strategy\", \"variants\": {\"direct\": \"direct\", \"pr\": \"pr\"},"
                        + " \"off\": \"direct\", \"on\": [\"pr\"], \"parents\": [\"gastown\"]}",
                "{\"type\": \"StageMoved\", \"flag\": \"gastown\", \"to\": \"GENERALLY_AVAILABLE\", \"skip\": true}",
                "{\"type\": \"StageMoved\", \"flag\": \"gastown.merge-strategy\", \"to\": \"GENERALLY_AVAILABLE\", \"skip\": true}");
        assertThat(flags.decide("gastown.merge-strategy", ADA).variant()).isEqualTo("pr");

        change("stop", "{\"type\": \"KillSwitchEngaged\", \"flag\": \"gastown\"}");
        Decision decision = flags.decide("gastown.merge-strategy", ADA);
        assertThat(decision.variant()).isEqualTo("direct");
        assertThat(decision.reason()).isEqualTo(Reason.PARENT);
        assertThat(decision.parent()).isEqualTo("gastown");

        Answer same = http.post(
                API + "/evaluations?after=" + decision.sequence(),
                "{\"flag\": \"gastown.merge-strategy\", \"context\": {\"targetingKey\": \"ada\", \"orgId\": \"acme\"}}");
        assertThat(same.json().get("variant").textValue()).isEqualTo("direct");
        assertThat(same.json().at("/because/parent").textValue()).isEqualTo("gastown");
    }

    private void change(String reason, String... changes) throws InterruptedException {
        Answer answer = http.post(
                API + "/changes",
                "{\"actor\": \"dana\", \"reason\": \"%s\", \"changes\": [%s]}"
                        .formatted(reason, String.join(", ", changes)));
        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(201);
        assertThat(flags.awaitSequence(answer.json().get("sequence").longValue(), PATIENCE))
                .isTrue();
    }

    private static String stage(String to, String more) {
        return "{\"type\": \"StageMoved\", \"flag\": \"gastown\", \"to\": \"%s\"%s}".formatted(to, more);
    }

    private boolean open(Subject subject) {
        return flags.isOpen("gastown", subject);
    }

    private Decision decide(Subject subject) {
        return flags.decide("gastown", subject);
    }

    private List<String> openOrgs() {
        return IntStream.range(0, 1_000)
                .mapToObj(i -> "org-" + i)
                .filter(org -> open(Subject.user("somebody").org(org)))
                .toList();
    }
}
