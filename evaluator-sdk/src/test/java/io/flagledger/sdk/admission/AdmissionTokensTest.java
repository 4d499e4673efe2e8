package io.flagledger.sdk.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.sdk.admission.TokenRefusedException.Refusal;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTokensTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Admission ADMISSION = new Admission(
            "ledger-1",
            "gastown-test",
            "gastown.convoys",
            new Subject("ada", "acme", true),
            "on",
            42,
            NOW,
            NOW.plus(Duration.ofHours(1)));
    private static final AdmissionKeys KEYS = AdmissionKeys.generate();
    private static final JOSEObjectType TYPE = new JOSEObjectType("flag-admission+jwt");

    private final AdmissionTokens issuing = tokens(KEYS);
    /** As another process has them: the public halves only, out of a file. */
    private final AdmissionTokens verifying = tokens(AdmissionKeys.fromJwks(KEYS.toPublicJwks()));

    @Test
    void anotherProcessReadsWhatWasSigned() throws Exception {
        assertThat(verifying.verify(issuing.sign(ADMISSION))).isEqualTo(ADMISSION);
        Admission bare = new Admission(
                "ledger-1", "gastown-test", "gastown", Subject.anonymous(), "on", 1, NOW, NOW.plusSeconds(1));
        assertThat(verifying.verify(issuing.sign(bare))).isEqualTo(bare);
    }

    @Test
    void itsFormIsThatOfAnyJsonWebToken() throws Exception {
        SignedJWT token = SignedJWT.parse(issuing.sign(ADMISSION));
        assertThat(token.getHeader().toJSONObject())
                .containsEntry("alg", "ES256")
                .containsEntry("typ", "flag-admission+jwt")
                .containsEntry("kid", KEYS.ids().get(0))
                .hasSize(3);
        assertThat(token.getPayload().toJSONObject())
                .isEqualTo(Map.ofEntries(
                        Map.entry("iss", "gastown-api"),
                        Map.entry("aud", "gastown-workers"),
                        Map.entry("sub", "ada"),
                        Map.entry("iat", 1795514400L),
                        Map.entry("exp", 1795518000L),
                        Map.entry("org", "acme"),
                        Map.entry("admin", true),
                        Map.entry("ledger", "ledger-1"),
                        Map.entry("env", "gastown-test"),
                        Map.entry("flag", "gastown.convoys"),
                        Map.entry("variant", "on"),
                        Map.entry("seq", 42L)));
    }

    @Test
    void onePutsUpWithClocksThatDifferALittle() throws Exception {
        String token = issuing.sign(ADMISSION);
        assertThat(at(NOW.minusSeconds(30)).verify(token)).isEqualTo(ADMISSION);
        assertThat(at(ADMISSION.expiresAt().plusMillis(29_999)).verify(token)).isEqualTo(ADMISSION);
        assertRefused(at(NOW.minusMillis(30_001)), token, Refusal.NOT_YET_VALID);
        assertRefused(at(ADMISSION.expiresAt().plusSeconds(30)), token, Refusal.EXPIRED);
        assertRefused(at(ADMISSION.expiresAt()).withSkew(Duration.ZERO), token, Refusal.EXPIRED);
    }

    @Test
    void oneWhoExpectsAnotherIssuerAudienceEnvironmentOrLedgerRefusesIt() throws Exception {
        String token = issuing.sign(ADMISSION);
        AdmissionKeys keys = AdmissionKeys.fromJwks(KEYS.toPublicJwks());
        assertRefused(
                clocked(AdmissionTokens.of(keys, "somebody", "gastown-workers", "gastown-test")),
                token,
                Refusal.OTHER_ISSUER);
        assertRefused(
                clocked(AdmissionTokens.of(keys, "gastown-api", "somebody", "gastown-test")),
                token,
                Refusal.OTHER_AUDIENCE);
        assertRefused(
                clocked(AdmissionTokens.of(keys, "gastown-api", "gastown-workers", "gastown-staging")),
                token,
                Refusal.OTHER_ENVIRONMENT);
        assertRefused(verifying.withLedger("ledger-2"), token, Refusal.OTHER_LEDGER);
        assertThat(verifying.withLedger("ledger-1").verify(token)).isEqualTo(ADMISSION);
    }

    @Test
    void whatIsNotOursIsNotSigned() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> issuing.withLedger("ledger-2").sign(ADMISSION))
                .withMessage("an admission to gastown-test of ledger ledger-1 is none for tokens of gastown-test");
        assertThatIllegalStateException()
                .isThrownBy(() -> verifying.sign(ADMISSION))
                .withMessageStartingWith("there is no private key to sign with in the keys [");
    }

    @Test
    void keysAreRotatedWithoutATokenThatIsRefused() throws Exception {
        String before = issuing.sign(ADMISSION);
        AdmissionKeys rotated = AdmissionKeys.fromJwks(KEYS.rotated().toSecretJwks());
        String after = issuing.withKeys(rotated).sign(ADMISSION);
        assertRefused(verifying, after, Refusal.UNKNOWN_KEY);

        AdmissionTokens both = verifying.withKeys(AdmissionKeys.fromJwks(rotated.toPublicJwks()));
        assertThat(both.verify(before)).isEqualTo(ADMISSION);
        assertThat(both.verify(after)).isEqualTo(ADMISSION);

        AdmissionTokens retired = verifying.withKeys(rotated.without(KEYS.ids().get(0)));
        assertRefused(retired, before, Refusal.UNKNOWN_KEY);
        assertThat(retired.verify(after)).isEqualTo(ADMISSION);
    }

    @Test
    void anUnsignedTokenIsRefused() throws Exception {
        JWTClaimsSet claims = SignedJWT.parse(issuing.sign(ADMISSION)).getJWTClaimsSet();
        assertRefused(verifying, new PlainJWT(claims).serialize(), Refusal.WRONG_ALGORITHM);
        String stripped = issuing.sign(ADMISSION).replaceFirst("[^.]+$", "");
        assertRefused(verifying, stripped, Refusal.WRONG_SIGNATURE, Refusal.MALFORMED);
    }

    @Test
    void aPublicKeyIsNoSecretToSignWith() throws Exception {
        JWTClaimsSet claims = SignedJWT.parse(issuing.sign(ADMISSION)).getJWTClaimsSet();
        for (byte[] secret : new byte[][] {
            KEYS.toPublicJwks().getBytes(StandardCharsets.UTF_8),
            key().toECPublicKey().getEncoded()
        }) {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                    .type(TYPE)
                    .keyID(key().getKeyID())
                    .build();
            assertRefused(verifying, signed(header, claims, new MACSigner(secret)), Refusal.WRONG_ALGORITHM);
        }
    }

    @Test
    void aKeyThatTheTokenBringsAlongIsNotBelieved() throws Exception {
        JWTClaimsSet claims = SignedJWT.parse(issuing.sign(ADMISSION)).getJWTClaimsSet();
        ECKey own = AdmissionKeys.generate().signing().orElseThrow();
        JWSHeader.Builder header =
                new JWSHeader.Builder(JWSAlgorithm.ES256).type(TYPE).jwk(own.toPublicJWK());
        assertRefused(verifying, signed(header.build(), claims, new ECDSASigner(own)), Refusal.UNKNOWN_KEY);
        assertRefused(
                verifying,
                signed(header.keyID(key().getKeyID()).build(), claims, new ECDSASigner(own)),
                Refusal.WRONG_SIGNATURE);
    }

    @Test
    void anyByteChangedAndItIsRefused() {
        String token = issuing.sign(ADMISSION);
        for (int i = 0; i < token.length() - 1; i++) { // the last character holds bits that mean nothing
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            String forged = token.substring(0, i) + other + token.substring(i + 1);
            assertThatExceptionOfType(TokenRefusedException.class)
                    .as("changed at %d", i)
                    .isThrownBy(() -> verifying.verify(forged));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b.c", "e30.e30.", "ey", "{}", "eyJhbGciOiJFUzI1NiJ9.e30.AA"})
    void whatIsNoTokenIsRefused(String text) {
        assertRefused(verifying, text, Refusal.MALFORMED);
    }

    @Test
    void aTokenTooLongToBeOursIsRefusedUnread() {
        assertRefused(verifying, "a".repeat(8193), Refusal.MALFORMED);
    }

    @Test
    void aTokenOfOurKeysForAnotherPurposeIsNoAdmission() throws Exception {
        JWTClaimsSet claims = SignedJWT.parse(issuing.sign(ADMISSION)).getJWTClaimsSet();
        JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key().getKeyID());
        assertRefused(verifying, signed(header.build(), claims, new ECDSASigner(key())), Refusal.MALFORMED);
        for (String part : new String[] {"ledger", "env", "flag", "variant", "seq", "admin", "iat", "exp", "iss"}) {
            JWTClaimsSet without =
                    new JWTClaimsSet.Builder(claims).claim(part, null).build();
            assertRefused(
                    verifying, signed(header.type(TYPE).build(), without, new ECDSASigner(key())), Refusal.MALFORMED);
        }
        JWTClaimsSet odd = new JWTClaimsSet.Builder(claims).claim("seq", "42").build();
        assertRefused(verifying, signed(header.build(), odd, new ECDSASigner(key())), Refusal.MALFORMED);
    }

    @Test
    void keysOfOtherKindsArePassedOverAndSetsWithoutAnyAreRefused() {
        String foreign = "{\"kty\":\"oct\",\"k\":\"%s\",\"kid\":\"x\"}"
                .formatted(Base64.getUrlEncoder().encodeToString(new byte[32]));
        String mixed = KEYS.toPublicJwks().replace("{\"keys\":[", "{\"keys\":[" + foreign + ",");
        assertThat(AdmissionKeys.fromJwks(mixed).ids()).isEqualTo(KEYS.ids());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AdmissionKeys.fromJwks("{\"keys\":[" + foreign + "]}"))
                .withMessageStartingWith("none of the 1 keys is a P-256 key");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AdmissionKeys.fromJwks("keys"))
                .withMessageStartingWith("this is no JSON Web Key Set");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KEYS.without(KEYS.ids().get(0)))
                .withMessageContaining("can't be dropped");
    }

    @Test
    void thePublicHalvesHoldNoSecret() {
        assertThat(KEYS.toPublicJwks()).doesNotContain("\"d\"");
        assertThat(KEYS.toSecretJwks()).contains("\"d\"");
        assertThat(KEYS).asString().isEqualTo("the keys " + KEYS.ids());
    }

    private static AdmissionTokens tokens(AdmissionKeys keys) {
        return clocked(AdmissionTokens.of(keys, "gastown-api", "gastown-workers", "gastown-test"));
    }

    private static AdmissionTokens clocked(AdmissionTokens tokens) {
        return tokens.withClock(Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private AdmissionTokens at(Instant time) {
        return verifying.withClock(Clock.fixed(time, ZoneOffset.UTC));
    }

    private static ECKey key() {
        return KEYS.signing().orElseThrow();
    }

    private static String signed(JWSHeader header, JWTClaimsSet claims, JWSSigner signer)
            throws JOSEException, ParseException {
        SignedJWT token = new SignedJWT(header, claims);
        token.sign(signer);
        return token.serialize();
    }

    private static void assertRefused(AdmissionTokens tokens, String token, Refusal... any) {
        assertThatExceptionOfType(TokenRefusedException.class)
                .isThrownBy(() -> tokens.verify(token))
                .extracting(TokenRefusedException::refusal)
                .isIn((Object[]) any);
    }
}
