package io.flagledger.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.flagledger.core.event.Actor;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.UUID;

/**
 * A key of this machine that signs tokens where there is no issuer. Whoever can read its file can be anybody. P-256, as
 * the JDK does that without further libraries. Immutable.
 */
public final class LocalKey {
    static final String ISSUER = "flag-ledger-local";
    static final String AUDIENCE = "flag-ledger";

    private final ECKey key;

    private LocalKey(ECKey key) {
        this.key = key;
    }

    public static LocalKey generate() {
        try {
            return new LocalKey(new ECKeyGenerator(Curve.P_256)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyUse(KeyUse.SIGNATURE)
                    .keyIDFromThumbprint(true)
                    .generate());
        } catch (JOSEException e) {
            throw new IllegalStateException("this Java has no P-256", e);
        }
    }

    /**
     * Reads a key from its JSON Web Key.
     *
     * @throws IllegalArgumentException if it is none that can sign here; the message holds none of it
     */
    static LocalKey fromJwk(String json) {
        try {
            ECKey read = ECKey.parse(json);
            if (read.isPrivate() && read.getCurve().equals(Curve.P_256) && read.getKeyID() != null) {
                return new LocalKey(read);
            }
        } catch (ParseException | IllegalStateException e) {
            // told below, like a key of another kind
        }
        throw new IllegalArgumentException("it holds no private P-256 key with an id as a JSON Web Key");
    }

    /** The key with its private half, for the one file that it is kept in. */
    String toJwk() {
        return key.toJSONString();
    }

    ECKey publicHalf() {
        return key.toPublicJWK();
    }

    /** Signs a token. */
    public String token(String subject, Actor.Kind kind, Collection<Grant> grants, Duration validFor) {
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject(subject)
                .claim(ClaimRules.KIND, kind.name())
                .claim(
                        "roles",
                        grants.stream().map(grant -> ClaimRules.PREFIX + grant).toList())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(validFor)))
                .jwtID(UUID.randomUUID().toString())
                .build();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(JOSEObjectType.JWT)
                        .keyID(key.getKeyID())
                        .build(),
                claims);
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("can't sign with the key " + key.getKeyID(), e);
        }
        return token.serialize();
    }

    @Override
    public String toString() {
        return "local key " + key.getKeyID();
    }
}
