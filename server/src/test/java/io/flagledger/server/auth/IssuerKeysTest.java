package io.flagledger.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An issuer that changes its keys, goes away, or is another than it was said to be. */
final class IssuerKeysTest {
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer issuer;
    private String name;
    private volatile JWKSet published = new JWKSet();

    @BeforeEach
    void start() throws IOException {
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        name = "http://localhost:" + issuer.getAddress().getPort();
        serve(
                "/.well-known/openid-configuration",
                () -> "{\"issuer\": \"%s\", \"jwks_uri\": \"%s/keys\"}".formatted(name, name));
        serve("/keys", () -> {
            asked.incrementAndGet();
            return published.toString(true);
        });
        issuer.start();
    }

    private interface Text {
        String get();
    }

    private void serve(String path, Text text) {
        issuer.createContext(path, exchange -> {
            byte[] bytes = text.get().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    @AfterEach
    void stop() {
        issuer.stop(0);
    }

    @Test
    void aNewKeyIsFoundAtOnceAndOneThatIsGoneIsNotBelieved() throws JOSEException {
        ECKey old = key("old");
        ECKey next = key("next");
        published = new JWKSet(old.toPublicJWK());
        Authenticator authenticator = authenticator(name);
        assertThat(authenticator.authenticate(token(old, name)).subject()).isEqualTo("dana");

        published = new JWKSet(next.toPublicJWK());
        assertThat(authenticator.authenticate(token(next, name)).subject()).isEqualTo("dana");
        assertThatThrownBy(() -> authenticator.authenticate(token(old, name)))
                .isInstanceOf(UnauthenticatedException.class);
    }

    @Test
    void tokensOfUnknownKeysDoNotMakeTheIssuerBeAskedAgainAndAgain() throws JOSEException {
        published = new JWKSet(key("old").toPublicJWK());
        Authenticator authenticator = authenticator(name);
        for (int i = 0; i < 20; i++) {
            String stranger = token(key("stranger-" + i), name);
            assertThatThrownBy(() -> authenticator.authenticate(stranger)).isInstanceOf(UnauthenticatedException.class);
        }
        assertThat(asked.get()).isLessThanOrEqualTo(3);
    }

    @Test
    void anIssuerThatIsAwayIsNoReasonToRefuseWhomItsKeysVerify() throws JOSEException {
        ECKey key = key("key");
        published = new JWKSet(key.toPublicJWK());
        Authenticator authenticator = authenticator(name);
        String token = token(key, name);
        authenticator.authenticate(token);
        issuer.stop(0);
        assertThat(authenticator.authenticate(token).subject()).isEqualTo("dana");
        assertThatThrownBy(() -> authenticator(name).authenticate(token))
                .as("of whom nothing was ever known")
                .isInstanceOf(IssuerSilentException.class);
    }

    @Test
    void anIssuerOfAnotherNameIsNotBelieved() throws JOSEException {
        ECKey key = key("key");
        published = new JWKSet(key.toPublicJWK());
        String said = name.replace("localhost", "127.0.0.1");
        assertThatThrownBy(() -> authenticator(said).authenticate(token(key, said)))
                .isInstanceOf(IssuerSilentException.class)
                .hasMessageContaining("to the letter");
    }

    @Test
    void aTokenThatIsNotYetValidOrNeverEndsIsNotBelieved() throws JOSEException {
        ECKey key = key("key");
        published = new JWKSet(key.toPublicJWK());
        Authenticator authenticator = authenticator(name);
        Date later = Date.from(Instant.now().plusSeconds(600));
        JWTClaimsSet.Builder claims =
                new JWTClaimsSet.Builder().issuer(name).audience("flag-ledger").subject("dana");
        String never = signed(key, claims.build());
        assertThatThrownBy(() -> authenticator.authenticate(never))
                .isInstanceOf(UnauthenticatedException.class)
                .hasMessageContaining("exp");
        String early = signed(
                key,
                claims.expirationTime(later)
                        .notBeforeTime(Date.from(Instant.now().plusSeconds(300)))
                        .build());
        assertThatThrownBy(() -> authenticator.authenticate(early))
                .isInstanceOf(UnauthenticatedException.class)
                .hasMessageContaining("before use time");
        String aLittleEarly = signed(
                key,
                claims.notBeforeTime(Date.from(Instant.now().plusSeconds(10))).build());
        assertThat(authenticator.authenticate(aLittleEarly).subject())
                .as("clocks differ")
                .isEqualTo("dana");
        String nobody = signed(key, claims.subject(null).build());
        assertThatThrownBy(() -> authenticator.authenticate(nobody)).hasMessageContaining("'sub' must name the caller");
    }

    private static Authenticator authenticator(String issuer) {
        return Authenticator.of(new AuthConfig.Issuer(
                URI.create(issuer),
                "flag-ledger",
                null,
                null,
                "openid",
                new ClaimRules("sub", List.of("roles"), Map.of())));
    }

    private static ECKey key(String id) throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    }

    private static String token(ECKey key, String issuer) throws JOSEException {
        return signed(
                key,
                new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .audience("flag-ledger")
                        .subject("dana")
                        .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                        .build());
    }

    private static String signed(ECKey key, JWTClaimsSet claims) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims);
        token.sign(new ECDSASigner(key));
        return "Bearer " + token.serialize();
    }
}
