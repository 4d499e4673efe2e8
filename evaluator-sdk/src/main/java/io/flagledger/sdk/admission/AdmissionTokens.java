package io.flagledger.sdk.admission;

import static java.util.Objects.requireNonNull;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import io.flagledger.sdk.admission.TokenRefusedException.Refusal;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Admissions as signed tokens: JSON Web Tokens (RFC 7519), signed with ES256. Whoever holds the public keys can verify
 * one without a call. Verifying says that the admission was given; whether it goes on is asked of a
 * {@code FlagLedger}, as a token knows nothing of what came after it. Immutable; any number of threads may use one.
 */
public final class AdmissionTokens {
    /*
     * ES256 and not EdDSA: nimbus-jose-jwt needs Google's Tink for Ed25519, of which the service that embeds us would
     * have to carry a version; P-256 it does with the JDK alone, and every JOSE library in other languages knows it.
     *
     * The algorithm is ours and never the token's: only ES256 is looked at, with a key that is a P-256 key. So a token
     * signed with "none", or with HMAC and a public key as its secret, is refused before any signature is computed. A key
     * in the token's own header is not looked at. The type in the header keeps apart tokens that the same keys may sign for
     * another purpose.
     */
    private static final JOSEObjectType TYPE = new JOSEObjectType("flag-admission+jwt");
    private static final int MAX_LENGTH = 8192;
    private static final Duration DEFAULT_SKEW = Duration.ofSeconds(30);

    private final AdmissionKeys keys;
    private final String issuer;
    private final String audience;
    private final String environment;
    private final @Nullable String ledger;
    private final Duration skew;
    private final Clock clock;

    private AdmissionTokens(
            AdmissionKeys keys,
            String issuer,
            String audience,
            String environment,
            @Nullable String ledger,
            Duration skew,
            Clock clock) {
        this.keys = requireNonNull(keys, "keys");
        this.issuer = requireNonNull(issuer, "issuer");
        this.audience = requireNonNull(audience, "audience");
        this.environment = requireNonNull(environment, "environment");
        this.ledger = ledger;
        this.skew = requireNonNull(skew, "skew");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Tokens for admissions to the flags of one environment.
     *
     * @param issuer who signs, for instance {@code gastown-api}
     * @param audience for whom, for instance {@code gastown-workers}
     */
    public static AdmissionTokens of(AdmissionKeys keys, String issuer, String audience, String environment) {
        return new AdmissionTokens(keys, issuer, audience, environment, null, DEFAULT_SKEW, Clock.systemUTC());
    }

    /** The same, taking only tokens of the ledger with this id, as {@code FlagLedger.ledgerId()} tells it. */
    public AdmissionTokens withLedger(String id) {
        return new AdmissionTokens(keys, issuer, audience, environment, id, skew, clock);
    }

    /** The same, putting up with clocks that differ by this much; 30 seconds where nobody says otherwise. */
    public AdmissionTokens withSkew(Duration longest) {
        return new AdmissionTokens(keys, issuer, audience, environment, ledger, longest, clock);
    }

    /** The same by another clock. */
    public AdmissionTokens withClock(Clock other) {
        return new AdmissionTokens(keys, issuer, audience, environment, ledger, skew, other);
    }

    /** The same with other keys: those after a rotation. */
    public AdmissionTokens withKeys(AdmissionKeys others) {
        return new AdmissionTokens(others, issuer, audience, environment, ledger, skew, clock);
    }

    /**
     * Signs an admission.
     *
     * @throws IllegalStateException if no private key is held
     * @throws IllegalArgumentException if it is of another environment or ledger than these tokens are for
     */
    public String sign(Admission admission) {
        ECKey key = keys.signing()
                .orElseThrow(() -> new IllegalStateException("there is no private key to sign with in " + keys));
        if (!isOurs(admission)) {
            throw new IllegalArgumentException("an admission to %s of ledger %s is none for tokens of %s"
                    .formatted(admission.environment(), admission.ledger(), environment));
        }
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(TYPE)
                .keyID(key.getKeyID())
                .build();
        SignedJWT token = new SignedJWT(header, Claims.of(admission, issuer, audience));
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("can't sign with the key " + key.getKeyID(), e);
        }
        return token.serialize();
    }

    /**
     * The admission that a token holds.
     *
     * @throws TokenRefusedException if the token is not to be believed
     */
    public Admission verify(String token) throws TokenRefusedException {
        SignedJWT signed = parse(token);
        checkSignature(signed);
        Claims claims = Claims.in(signed);
        check(claims.issuer().equals(issuer), Refusal.OTHER_ISSUER, "the token's issuer is not " + issuer);
        check(claims.audience().contains(audience), Refusal.OTHER_AUDIENCE, "the token is not for " + audience);
        Admission admission = claims.admission();
        check(
                admission.environment().equals(environment),
                Refusal.OTHER_ENVIRONMENT,
                "the token is of %s, and %s is expected".formatted(admission.environment(), environment));
        check(
                isOurs(admission),
                Refusal.OTHER_LEDGER,
                "the token is of ledger %s, and %s is expected".formatted(admission.ledger(), ledger));
        Instant now = clock.instant();
        check(
                !admission.issuedAt().isAfter(now.plus(skew)),
                Refusal.NOT_YET_VALID,
                "the token was issued at %s, and here it is %s".formatted(admission.issuedAt(), now));
        check(
                now.isBefore(admission.expiresAt().plus(skew)),
                Refusal.EXPIRED,
                "the token expired at %s, and here it is %s".formatted(admission.expiresAt(), now));
        return admission;
    }

    private boolean isOurs(Admission admission) {
        return admission.environment().equals(environment)
                && (ledger == null || admission.ledger().equals(ledger));
    }

    private static SignedJWT parse(String token) throws TokenRefusedException {
        check(token.length() <= MAX_LENGTH, Refusal.MALFORMED, "the token is longer than any that is signed here");
        JWT parsed;
        try {
            parsed = JWTParser.parse(token);
        } catch (ParseException e) {
            throw new TokenRefusedException(Refusal.MALFORMED, "this is no JSON Web Token");
        }
        if (!(parsed instanceof SignedJWT signed)
                || !JWSAlgorithm.ES256.equals(signed.getHeader().getAlgorithm())) {
            throw new TokenRefusedException(Refusal.WRONG_ALGORITHM, "the token is not signed with ES256");
        }
        check(TYPE.equals(signed.getHeader().getType()), Refusal.MALFORMED, "the token's type is not " + TYPE);
        return signed;
    }

    private void checkSignature(SignedJWT token) throws TokenRefusedException {
        String id = token.getHeader().getKeyID();
        ECKey key = id == null ? null : keys.get(id);
        if (key == null) {
            throw new TokenRefusedException(
                    Refusal.UNKNOWN_KEY, "the token was signed with a key that is not among " + keys);
        }
        try {
            check(
                    token.verify(new ECDSAVerifier(key)),
                    Refusal.WRONG_SIGNATURE,
                    "the token was not signed with the key %s that it names".formatted(id));
        } catch (JOSEException e) {
            throw new TokenRefusedException(Refusal.WRONG_SIGNATURE, "the token's signature can't be read");
        }
    }

    private static void check(boolean holds, Refusal refusal, String message) throws TokenRefusedException {
        if (!holds) {
            throw new TokenRefusedException(refusal, message);
        }
    }
}
