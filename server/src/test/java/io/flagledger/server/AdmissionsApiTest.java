package io.flagledger.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.sdk.admission.Admission;
import io.flagledger.sdk.admission.AdmissionKeys;
import io.flagledger.sdk.admission.AdmissionTokens;
import io.flagledger.sdk.admission.TokenRefusedException;
import io.flagledger.server.HttpClientForTest.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Admissions as a service without the SDK gets them. */
@ExtendWith(KafkaExtension.class)
final class AdmissionsApiTest {
    private static final AdmissionKeys KEYS = AdmissionKeys.generate();
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final String ADA =
            "{\"flag\": \"gastown\", \"context\": {\"targetingKey\": \"ada\", \"orgId\": \"acme\"}}";
    private static final String ROOT =
            "{\"flag\": \"gastown\", \"context\": {\"targetingKey\": \"root\", \"admin\": true}}";

    @TempDir
    private static Path folder;

    private static @Nullable LedgerServer server;

    private final String environment = "test-" + TESTS.incrementAndGet();
    private final String api = "/api/v1/environments/" + environment;
    private HttpClientForTest http;

    @BeforeAll
    static void start(KafkaForTest kafka) throws InterruptedException {
        LedgerTopics topics = LedgerTopics.withPrefix(kafka.topicPrefix() + "admissions");
        server = LedgerServer.start(new ServerConfig(
                        KafkaConnection.of(kafka.bootstrapServers()),
                        topics,
                        "gastown-production",
                        folder,
                        "127.0.0.1",
                        0,
                        TokensForTest.AUTH)
                .withAdmissionKeys(KEYS));
        assertThat(server.awaitReady(Duration.ofSeconds(30))).isTrue();
    }

    @BeforeEach
    void gastownAtAllowlist() {
        http = new HttpClientForTest(requireNonNull(server).httpPort());
        change("{\"type\": \"FlagCreated\", \"flag\": \"gastown\"}");
        change("{\"type\": \"StageMoved\", \"flag\": \"gastown\", \"to\": \"ALLOWLIST\"}");
        change(
                "{\"type\": \"AllowlistChanged\", \"flag\": \"gastown\", \"added\": {\"users\": [{\"id\": \"ada\", \"org\": \"acme\"}]}}");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void whoHasAccessGetsATokenThatThePublishedKeysVerify() throws TokenRefusedException {
        Answer given = http.post(api + "/admissions?after=3", ADA.replace("}}", "}, \"seconds\": 60}"));
        assertThat(given.status()).isEqualTo(200);
        assertThat(given.json().at("/decision/reason").textValue()).isEqualTo("ALLOWLIST");
        assertThat(given.header("Ledger-Sequence")).isEqualTo("3");

        Answer published = http.get(api + "/admission-keys");
        assertThat(published.contentType()).isEqualTo("application/jwk-set+json");
        assertThat(published.text()).doesNotContain("\"d\"");
        AdmissionTokens verifying =
                AdmissionTokens.of(AdmissionKeys.fromJwks(published.text()), "flag-ledger", environment, environment);
        Admission admission =
                verifying.verify(given.json().at("/admission/token").textValue());
        assertThat(admission.subject()).isEqualTo(Subject.user("ada").org("acme"));
        assertThat(admission.sequence()).isEqualTo(3);
        assertThat(admission.variant()).isEqualTo("on");
        assertThat(admission.expiresAt()).isCloseTo(Instant.now().plusSeconds(60), within(20, ChronoUnit.SECONDS));
        assertThat(given.json().at("/admission/expiresAt").textValue())
                .startsWith(admission.expiresAt().toString().substring(0, 19));
    }

    @Test
    void whoHasNoneGetsTheDecisionAlone() {
        Answer refused = http.post(
                api + "/admissions?after=3", ADA.replace("acme", "evil").replace("ada", "eve"));
        assertThat(refused.status()).isEqualTo(200);
        assertThat(refused.json().at("/decision/reason").textValue()).isEqualTo("STAGE");
        assertThat(refused.json().has("admission")).isFalse();
    }

    @Test
    void nobodyIsAdmittedWhileAllAccessIsKilled() {
        change("{\"type\": \"KillSwitchEngaged\", \"flag\": \"gastown\", \"scope\": \"NEW_ACCESS\"}");
        assertThat(http.post(api + "/admissions?after=4", ADA).json().has("admission"))
                .isFalse();
        assertThat(http.post(api + "/admissions?after=4", ROOT).json().has("admission"))
                .isTrue();

        change("{\"type\": \"KillSwitchEngaged\", \"flag\": \"gastown\", \"scope\": \"ALL_ACCESS\"}");
        Answer admin = http.post(api + "/admissions?after=5", ROOT);
        assertThat(admin.json().at("/decision/granted").booleanValue()).isTrue();
        assertThat(admin.json().has("admission")).isFalse();
    }

    @Test
    void whatCannotBeUnderstoodIsRefusedWithTheField() {
        assertThat(http.post(api + "/admissions?after=3", "{\"flag\": \"nowhere\"}")
                        .status())
                .isEqualTo(404);
        assertThat(http.post(api + "/admissions", "{}").json().get("detail").textValue())
                .contains("/flag");
        assertThat(http.post(api + "/admissions", ADA.replace("}}", "}, \"seconds\": 0}"))
                        .json()
                        .get("detail")
                        .textValue())
                .isEqualTo("/seconds: an admission lasts from 1 to 2592000 seconds, not 0");
    }

    @Test
    void anEvaluatorOfTheEnvironmentMayAskAndNobodyElse() {
        String path = api + "/admissions?after=3";
        assertThat(http.as(TokensForTest.of("worker", "evaluator@" + environment))
                        .post(path, ADA)
                        .status())
                .isEqualTo(200);
        assertThat(http.as(TokensForTest.of("worker", "evaluator@elsewhere"))
                        .post(path, ADA)
                        .status())
                .isEqualTo(403);
        assertThat(http.as("nothing").get(api + "/admission-keys").status()).isEqualTo(401);
    }

    private void change(String change) {
        Answer answer =
                http.post(api + "/changes", "{\"reason\": \"for the test\", \"changes\": [%s]}".formatted(change));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }
}
