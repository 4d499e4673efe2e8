package io.flagledger.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Duration;
import java.util.Set;

/** Verifies tokens and reads who they name. Any number of threads may use it. */
final class Tokens {
    /*
     * The algorithms are ours and never the token's: an explicit list of signatures with a public key. With "none" there
     * would be no signature, and with HMAC the public key, which everybody has, would be the secret.
     */
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private static final int SKEW_SECONDS = 30;
    private static final Duration KEYS_LIVE = Duration.ofMinutes(10);
    private static final Duration REFRESH_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration REFRESH_AHEAD = Duration.ofMinutes(1);
    /** Within this time at most two tokens that name an unknown key make the issuer be asked. */
    private static final Duration ASKED_AT_MOST_EACH = Duration.ofSeconds(10);
    /** How long keys are believed that the issuer can't be asked for any more. */
    private static final Duration OUTAGE = Duration.ofHours(4);

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final Set<JWSAlgorithm> algorithms;
    private final ClaimRules rules;

    private Tokens(
            Set<JWSAlgorithm> algorithms,
            JWKSource<SecurityContext> keys,
            String issuer,
            String audience,
            ClaimRules rules) {
        this.algorithms = algorithms;
        this.rules = rules;
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, keys));
        // at+jwt: an access token by RFC 9068; many issuers still say JWT, or nothing
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(
                JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"), null));
        DefaultJWTClaimsVerifier<SecurityContext> claims = new DefaultJWTClaimsVerifier<>(
                audience, new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("exp"));
        claims.setMaxClockSkew(SKEW_SECONDS);
        processor.setJWTClaimsSetVerifier(claims);
    }

    static Tokens of(LocalKey key) {
        return new Tokens(
                Set.of(JWSAlgorithm.ES256),
                new ImmutableJWKSet<>(new JWKSet(key.publicHalf())),
                LocalKey.ISSUER,
                LocalKey.AUDIENCE,
                ClaimRules.DEFAULT);
    }

    static Tokens of(AuthConfig.Issuer config, Discovery discovery) {
        return new Tokens(
                ALGORITHMS,
                cached(new IssuerKeys(config.jwksUri(), discovery)),
                config.issuer().toString(),
                config.audience(),
                config.claims());
    }

    private static JWKSource<SecurityContext> cached(JWKSetSource<SecurityContext> keys) {
        return JWKSourceBuilder.create(keys)
                .cache(KEYS_LIVE.toMillis(), REFRESH_TIMEOUT.toMillis())
                .refreshAheadCache(REFRESH_AHEAD.toMillis(), false)
                .rateLimited(ASKED_AT_MOST_EACH.toMillis())
                .outageTolerant(OUTAGE.toMillis())
                .build();
    }

    Caller caller(String token) {
        SignedJWT signed = signed(token);
        try {
            return rules.caller(processor.process(signed, null));
        } catch (JWKSetUnavailableException e) {
            throw new IssuerSilentException("the issuer's keys can't be had just now: " + e.getMessage(), e);
        } catch (KeySourceException e) {
            throw UnauthenticatedException.invalid(
                    "the token was signed with a key that the issuer did not have when it was asked last");
        } catch (BadJOSEException e) {
            throw UnauthenticatedException.invalid("the token is not to be believed: " + e.getMessage());
        } catch (JOSEException e) {
            throw UnauthenticatedException.invalid("the token's signature can't be read");
        }
    }

    private SignedJWT signed(String token) {
        JWT parsed;
        try {
            parsed = JWTParser.parse(token);
        } catch (ParseException e) {
            throw UnauthenticatedException.invalid("this is no JSON Web Token");
        }
        if (!(parsed instanceof SignedJWT signed)
                || !algorithms.contains(signed.getHeader().getAlgorithm())) {
            throw UnauthenticatedException.invalid(
                    "the token is not signed with an algorithm that is believed here, which are "
                            + algorithms.stream()
                                    .map(JWSAlgorithm::getName)
                                    .sorted()
                                    .toList());
        }
        return signed;
    }
}
