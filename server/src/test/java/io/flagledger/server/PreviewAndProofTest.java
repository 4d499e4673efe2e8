package io.flagledger.server;

import static io.flagledger.server.ServerForTest.change;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.proof.SignedCheckpoint;
import io.flagledger.core.proof.VerifyingKey;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.server.HttpClientForTest.Answer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is told of changes before they are made, of the ledger's soundness, and of who follows it. */
@ExtendWith(KafkaExtension.class)
final class PreviewAndProofTest {
    private static @Nullable ServerForTest server;
    private static int tests;

    private HttpClientForTest http;
    private String environment;
    private String api;

    @BeforeEach
    void open(KafkaForTest kafka) {
        if (server == null) {
            server = ServerForTest.start(kafka);
        }
        http = server.http();
        environment = "test-" + ++tests;
        api = "/api/v1/environments/" + environment;
    }

    @AfterAll
    static void close() {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    @Test
    void aPreviewTellsWhomAPercentageLetsInAndChangesNothing() {
        change(http, environment, "try it", "{'type': 'FlagCreated', 'flag': 'gastown'}");
        change(
                http,
                environment,
                "a part of it",
                "{'type': 'FlagCreated', 'flag': 'gastown.convoys', 'parents': ['gastown']}",
                "{'type': 'StageMoved', 'flag': 'gastown.convoys', 'to': 'GENERALLY_AVAILABLE', 'skip': true}");
        String contexts = IntStream.range(0, 100)
                .mapToObj(i -> "{\"targetingKey\": \"u\", \"orgId\": \"org-%d\"}".formatted(i))
                .collect(Collectors.joining(", "));
        Answer preview = http.post(api + "/preview?after=3", """
                {"changes": [{"type": "StageMoved", "flag": "gastown", "to": "PERCENTAGE", "percentage": 30, "skip": true}],
                 "contexts": [%s]}""".formatted(contexts));
        assertThat(preview.status()).isEqualTo(200);
        assertThat(preview.json().get("sequence").intValue()).isEqualTo(3);
        assertThat(preview.json().has("refusal")).isFalse();
        assertThat(preview.json().at("/flags/0/before/stage").textValue()).isEqualTo("ADMIN_ONLY");
        assertThat(preview.json().at("/flags/0/after/percentage").intValue()).isEqualTo(30);
        JsonNode decisions = preview.json().get("decisions");
        long in = count(decisions, "gastown");
        assertThat(in).isBetween(10L, 50L);
        assertThat(count(decisions, "gastown.convoys"))
                .as("who gets the part with it")
                .isEqualTo(in);

        change(
                http,
                environment,
                "as previewed",
                "{'type': 'StageMoved', 'flag': 'gastown', 'to': 'PERCENTAGE', 'percentage': 30, 'skip': true}");
        for (JsonNode decision : decisions) {
            JsonNode now = http.post(
                            api + "/evaluations?after=4",
                            "{\"flag\": \"%s\", \"context\": %s}"
                                    .formatted(decision.get("flag").textValue(), decision.get("context")))
                    .json();
            assertThat(now.get("granted")).isEqualTo(decision.at("/after/granted"));
        }
        assertThat(http.get(api + "/head?after=4").json().get("sequence").intValue())
                .isEqualTo(4);
    }

    private static long count(JsonNode decisions, String flag) {
        return decisions.findParents("context").stream()
                .filter(decision -> decision.get("flag").textValue().equals(flag))
                .filter(decision -> !decision.at("/before/granted").booleanValue()
                        && decision.at("/after/granted").booleanValue())
                .count();
    }

    @Test
    void aPreviewTellsARefusalAndANewFlagHasNoBefore() {
        Answer creation = http.post(api + "/preview", """
                {"changes": [{"type": "FlagCreated", "flag": "gastown"}], "contexts": [{"targetingKey": "root", "admin": true}]}""");
        assertThat(creation.json().at("/flags/0/before").isNull()).isTrue();
        assertThat(creation.json().at("/decisions/0/before").isNull()).isTrue();
        assertThat(creation.json().at("/decisions/0/after/reason").textValue()).isEqualTo("ADMIN");
        assertThat(http.get(api + "/flags").status()).as("nothing is there yet").isEqualTo(404);

        Answer refused = http.post(api + "/preview", """
                {"changes": [{"type": "KillSwitchEngaged", "flag": "gastown"}]}""");
        assertThat(refused.status()).isEqualTo(200);
        assertThat(refused.json().at("/refusal/refusal").textValue()).isEqualTo("UNKNOWN_FLAG");
        assertThat(refused.json().get("flags")).isEmpty();
    }

    @Test
    void aRestorationIsPreviewedWithWhatItBringsBack() {
        change(http, environment, "try it", "{'type': 'FlagCreated', 'flag': 'gastown'}");
        change(http, environment, "partners", "{'type': 'StageMoved', 'flag': 'gastown', 'to': 'ALLOWLIST'}");
        Answer preview = http.post(api + "/preview?after=2", """
                {"changes": [{"type": "FlagRestored", "flag": "gastown", "revision": 1}]}""");
        assertThat(preview.json().at("/flags/0/after/stage").textValue()).isEqualTo("ADMIN_ONLY");
        Answer never = http.post(api + "/preview?after=2", """
                {"changes": [{"type": "FlagRestored", "flag": "gastown", "revision": 9}]}""");
        assertThat(never.json().at("/refusal/refusal").textValue()).isEqualTo("UNKNOWN_REVISION");
    }

    @Test
    void aSoundLedgerIsToldAsSuchAndSigned() {
        change(http, environment, "try it", "{'type': 'FlagCreated', 'flag': 'gastown'}");
        Answer proof = http.get(api + "/verification?after=1");
        assertThat(proof.status()).isEqualTo(200);
        assertThat(proof.json().get("valid").booleanValue()).isTrue();
        assertThat(proof.json().get("sequence").intValue()).isEqualTo(1);
        Answer head = http.get(api + "/head?after=1");
        assertThat(proof.json().get("digest")).isEqualTo(head.json().get("digest"));
        assertThat(proof.json().get("stateDigest")).isEqualTo(head.json().get("stateDigest"));

        JsonNode checkpoint = http.get(api + "/checkpoint").json();
        SignedCheckpoint signed = SignedCheckpoint.parse(checkpoint.get("text").textValue());
        assertThat(signed.verified(List.of(
                                VerifyingKey.fromPem(checkpoint.get("publicKey").textValue())))
                        .sequence())
                .isEqualTo(1);
        Answer file = http.send(http.request(api + "/checkpoint").header("Accept", "text/plain"));
        assertThat(file.text()).startsWith("flag-ledger checkpoint v1\nenvironment: " + environment);
        assertThat(file.header("Content-Disposition")).contains(environment + "-1.checkpoint");
    }

    @Test
    void evaluatorsTellHowTheyAreAndAreSeen() {
        change(http, environment, "try it", "{'type': 'FlagCreated', 'flag': 'gastown'}");
        HttpClientForTest shop = http.as(TokensForTest.of("shop", "evaluator@" + environment));
        assertThat(shop.post(api + "/evaluators", """
                        {"id": "shop-1", "state": "READY", "sequence": 1, "lag": 0, "host": "shop.internal", "version": "0.1.0"}""").status()).isEqualTo(204);
        Answer list = http.get(api + "/evaluators");
        assertThat(list.json().at("/evaluators/0/id").textValue()).isEqualTo("shop-1");
        assertThat(list.json().at("/evaluators/0/reportedBy").textValue()).isEqualTo("shop");
        assertThat(list.json().at("/evaluators/0/reportedAt").textValue()).endsWith("Z");
        assertThat(shop.get(api + "/evaluators").status()).isEqualTo(403);
        Answer wrong = shop.post(api + "/evaluators", "{\"id\": \"shop-1\", \"state\": \"FINE\", \"sequence\": 1}");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.json().get("detail").textValue()).contains("/state: 'FINE' is none of STARTING, READY");
    }
}
