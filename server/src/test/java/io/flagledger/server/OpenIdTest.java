package io.flagledger.server;

import static io.flagledger.server.ServerForTest.ENVIRONMENT;
import static io.flagledger.server.ServerForTest.change;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.flagledger.core.kafka.LedgerReader;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.server.HttpClientForTest.Answer;
import io.flagledger.server.auth.AuthConfig;
import io.flagledger.server.auth.ClaimRules;
import io.flagledger.server.auth.Grant;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server that believes an OpenID provider, and what others make of tokens to get past it. */
@ExtendWith(KafkaExtension.class)
final class OpenIdTest {
    private static final String TOWN = "town";
    private static final String AUDIENCE = "flag-ledger";
    private static final String CHANGES = "/api/v1/environments/" + ENVIRONMENT + "/changes";
    private static final String CREATE =
            "{\"reason\": \"try it\", \"changes\": [{\"type\": \"FlagCreated\", \"flag\": \"gastown\"}]}";

    private static @Nullable MockOAuth2Server provider;
    private static @Nullable ServerForTest server;

    private MockOAuth2Server issuer;
    private ServerForTest ledger;

    @BeforeEach
    void open(KafkaForTest kafka) {
        if (server == null || provider == null) {
            provider = new MockOAuth2Server();
            provider.start();
            // it loads its classes with its first answer, which may take longer than a server waits for it
            HttpClientForTest.awaitAnswer(provider.wellKnownUrl(TOWN).toString());
            HttpClientForTest.awaitAnswer(provider.jwksUrl(TOWN).toString());
            AuthConfig believed = new AuthConfig.Issuer(
                    URI.create(provider.issuerUrl(TOWN).toString()),
                    AUDIENCE,
                    null,
                    "page",
                    "openid",
                    new ClaimRules(
                            "sub",
                            List.of("realm_access.roles", "groups"),
                            Map.of("/on-call", List.of(Grant.parse("killer@*")))));
            server = ServerForTest.start(
                    kafka,
                    config -> new ServerConfig(
                            config.connection(),
                            config.topics(),
                            config.environment(),
                            config.stateDirectory(),
                            config.host(),
                            0,
                            believed));
        }
        issuer = provider;
        ledger = server;
    }

    @AfterAll
    static void close() {
        if (server != null) {
            server.close();
            server = null;
        }
        if (provider != null) {
            provider.shutdown();
            provider = null;
        }
    }

    private String token(String issuerId, String audience, long seconds, String... roles) {
        return issuer.issueToken(
                        issuerId,
                        "client",
                        new DefaultOAuth2TokenCallback(
                                issuerId,
                                "dana",
                                "JWT",
                                List.of(audience),
                                Map.of("realm_access", Map.of("roles", List.of(roles))),
                                seconds))
                .serialize();
    }

    private String good(String... roles) {
        return token(TOWN, AUDIENCE, 600, roles);
    }

    private HttpClientForTest as(String token) {
        return ledger.http().as(token);
    }

    private JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(issuer.issuerUrl(TOWN).toString())
                .audience(AUDIENCE)
                .subject("mallory")
                .claim("realm_access", Map.of("roles", List.of("flag-ledger:admin@*")))
                .expirationTime(Date.from(Instant.now().plusSeconds(600)));
    }

    private RSAKey publicKey() throws Exception {
        return JWKSet.load(issuer.jwksUrl(TOWN).url()).getKeys().get(0).toRSAKey();
    }

    private long ledgerLength() {
        return new LedgerReader(ledger.connection(), ledger.topics(), Duration.ofSeconds(10))
                .read(ENVIRONMENT, event -> {})
                .sequence();
    }

    @Test
    void whatIsNotToBeBelievedIsRefusedAndLeavesNothing() throws Exception {
        RSAKey known = publicKey();
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(known.getKeyID())
                .build();
        SignedJWT hmac = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .keyID(known.getKeyID())
                        .build(),
                claims().build());
        hmac.sign(new MACSigner(known.toRSAPublicKey().getEncoded()));
        SignedJWT forged = new SignedJWT(header, claims().build());
        forged.sign(new RSASSASigner(new RSAKeyGenerator(2048).generate()));
        String admin = "flag-ledger:admin@*";
        String[] parts = good(admin).split("\\.", -1);
        String tampered = parts[0] + "."
                + JWTClaimsSet.parse(claims().build().toJSONObject())
                        .toPayload()
                        .toBase64URL()
                + "." + parts[2];
        Map<String, String> refused = new LinkedHashMap<>();
        refused.put("Bearer " + token(TOWN, AUDIENCE, -600, admin), "Expired JWT");
        refused.put(
                "Bearer " + token("elsewhere", AUDIENCE, 600, admin), "signed with|JWT iss claim|not to be believed");
        refused.put("Bearer " + token(TOWN, "another-service", 600, admin), "JWT aud claim rejected");
        refused.put("Bearer " + new PlainJWT(claims().build()).serialize(), "not signed with an algorithm");
        refused.put("Bearer " + hmac.serialize(), "not signed with an algorithm");
        refused.put("Bearer " + forged.serialize(), "Invalid signature");
        refused.put("Bearer " + tampered, "Invalid signature");
        refused.put("Bearer x.y.z", "no JSON Web Token");
        refused.put("Bearer", "'Bearer' and a token");
        refused.put("Basic ZGFuYTpzZWNyZXQ=", "'Bearer' and a token");

        assertRefused(post(null), "says nothing of who makes it");
        refused.forEach((authorization, why) -> assertRefused(post(authorization), why));
        assertThat(ledgerLength()).isZero();
    }

    private Answer post(@Nullable String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(ledger.http().uri(CHANGES))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(CREATE));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return ledger.http().send(request);
    }

    private static void assertRefused(Answer answer, String why) {
        assertThat(answer.status()).as(why).isEqualTo(401);
        assertThat(answer.contentType()).isEqualTo("application/problem+json");
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer realm=\"flag-ledger\"");
        assertThat(answer.json().get("detail").textValue()).containsPattern(why).contains("/api/v1/sign-in");
    }

    @Test
    void aRoleThatIsTooSmallOrOfAnotherEnvironmentIsRefusedAndLeavesNothing() {
        for (String role : List.of("viewer", "evaluator", "killer")) {
            Answer answer = as(good("flag-ledger:" + role + "@" + ENVIRONMENT)).post(CHANGES, CREATE);
            assertThat(answer.status()).as(role).isEqualTo(403);
            assertThat(answer.json().get("detail").textValue())
                    .contains(
                            "takes the role " + (role.equals("killer") ? "editor" : "killer"),
                            role + "@" + ENVIRONMENT);
        }
        HttpClientForTest staging = as(good("flag-ledger:admin@gastown-staging", "flag-ledger:nonsense", "other"));
        assertThat(staging.post(CHANGES, CREATE).status()).isEqualTo(403);
        assertThat(staging.get("/api/v1/environments/" + ENVIRONMENT + "/flags").status())
                .isEqualTo(403);
        assertThat(staging.get("/api/v1/environments/no-such-thing/flags").status())
                .isEqualTo(403);
        assertThat(staging.get("/api/v1/environments").text()).doesNotContain(ENVIRONMENT);
        assertThat(staging.get("/api/v1/instances").text()).doesNotContain(ENVIRONMENT);
        assertThat(as(good()).get("/api/v1/environments").status()).isEqualTo(403);
        assertThat(as(good("flag-ledger:evaluator@*"))
                        .get("/api/v1/environments/" + ENVIRONMENT + "/events")
                        .status())
                .isEqualTo(403);
        assertThat(ledgerLength()).isZero();
    }

    @Test
    void whoMayDoesAndStandsInTheLedgerAsTheTokenSays() {
        HttpClientForTest editor = as(good("flag-ledger:editor@test"));
        Answer done = change(editor, "test", "try it", "{'type': 'FlagCreated', 'flag': 'gastown'}");
        assertThat(done.status()).isEqualTo(201);
        assertThat(done.json().at("/events/0/actor/id").textValue()).isEqualTo("dana");
        assertThat(done.json().at("/events/0/actor/kind").textValue()).isEqualTo("HUMAN");
        String changes = "/api/v1/environments/test/changes";

        Answer another = editor.post(changes, """
                {"actor": "lee", "reason": "as lee", "changes": [{"type": "KillSwitchEngaged", "flag": "gastown"}]}""");
        assertThat(another.status()).isEqualTo(422);
        assertThat(another.json().get("detail").textValue()).contains("/actor", "dana", "onBehalfOf");
        Answer behalf = editor.post(changes, """
                {"onBehalfOf": "lee", "reason": "for lee", "changes": [{"type": "KillSwitchEngaged", "flag": "gastown"}]}""");
        assertThat(behalf.json().at("/events/0/actor/onBehalfOf").textValue()).isEqualTo("lee");

        String onCall = issuer.issueToken(
                        TOWN,
                        "client",
                        new DefaultOAuth2TokenCallback(
                                TOWN,
                                "pager",
                                "at+jwt",
                                List.of(AUDIENCE),
                                Map.of("groups", List.of("/on-call"), "client_id", "pager"),
                                600))
                .serialize();
        Answer killed = as(onCall).post(changes, """
                {"reason": "alarm", "changes": [{"type": "KillSwitchEngaged", "flag": "gastown", "scope": "ALL_ACCESS"}]}""");
        assertThat(killed.status()).isEqualTo(201);
        assertThat(killed.json().at("/events/0/actor/kind").textValue()).isEqualTo("SERVICE");
        Answer released = as(onCall).post(changes, """
                {"reason": "over", "changes": [{"type": "KillSwitchReleased", "flag": "gastown"}]}""");
        assertThat(released.status()).isEqualTo(403);
        assertThat(as(onCall).get("/api/v1/me").json().at("/environments/*").toString())
                .isEqualTo("[\"evaluator\",\"viewer\",\"killer\"]");
        assertThat(editor.get("/api/v1/environments/test/head?after=3")
                        .json()
                        .get("sequence")
                        .intValue())
                .isEqualTo(3);
    }

    @Test
    void howToSignInIsToldToEverybody() {
        Answer answer = ledger.http().send(HttpRequest.newBuilder(ledger.http().uri("/api/v1/sign-in")));
        assertThat(answer.json().get("mode").textValue()).isEqualTo("oidc");
        assertThat(answer.json().get("issuer").textValue())
                .isEqualTo(issuer.issuerUrl(TOWN).toString());
        assertThat(answer.json().get("authorizationEndpoint").textValue())
                .isEqualTo(issuer.authorizationEndpointUrl(TOWN).toString());
        assertThat(answer.json().get("clientId").textValue()).isEqualTo("page");
        assertThat(ledger.http()
                        .send(HttpRequest.newBuilder(ledger.http().uri("/")))
                        .header("Content-Security-Policy"))
                .contains("connect-src 'self' " + issuer.baseUrl().toString().replaceFirst("/$", ""));
    }
}
