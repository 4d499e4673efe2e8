package io.flagledger.sdk.admission;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The keys of admission tokens: P-256, each with an id. The first that has its private half signs; all of them verify.
 * Immutable.
 */
public final class AdmissionKeys {
    private final List<ECKey> keys;
    private final Map<String, ECKey> byId = new LinkedHashMap<>();

    private AdmissionKeys(List<ECKey> keys) {
        this.keys = List.copyOf(keys);
        for (ECKey key : keys) {
            if (byId.put(key.getKeyID(), key) != null) {
                throw new IllegalArgumentException("two keys have the id " + key.getKeyID());
            }
        }
    }

    /** One new key, whose id is its thumbprint (RFC 7638). */
    public static AdmissionKeys generate() {
        try {
            return new AdmissionKeys(List.of(new ECKeyGenerator(Curve.P_256)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyUse(KeyUse.SIGNATURE)
                    .keyIDFromThumbprint(true)
                    .generate()));
        } catch (JOSEException e) {
            throw new IllegalStateException("this Java has no P-256", e);
        }
    }

    /**
     * Reads a JSON Web Key Set (RFC 7517). Keys of other kinds, for other uses or without an id are passed over.
     *
     * @throws IllegalArgumentException if it is no such set, or no key of it can be used; the message holds no key
     */
    public static AdmissionKeys fromJwks(String json) {
        JWKSet set;
        try {
            set = JWKSet.parse(json);
        } catch (ParseException | RuntimeException e) { // the parser stumbles over a JSON null
            throw new IllegalArgumentException("this is no JSON Web Key Set: one reads {\"keys\": [{…}, …]}");
        }
        List<ECKey> usable = set.getKeys().stream()
                .filter(AdmissionKeys::isUsable)
                .map(JWK::toECKey)
                .toList();
        if (usable.isEmpty()) {
            throw new IllegalArgumentException(
                    "none of the %d keys is a P-256 key for signatures that has an id (\"kty\": \"EC\", \"crv\": \"P-256\", \"kid\")"
                            .formatted(set.size()));
        }
        return new AdmissionKeys(usable);
    }

    /**
     * These keys after a new one, which signs from now on. First give its public half to all who verify, then sign with
     * it; drop the old key when the last token that it signed has expired.
     */
    public AdmissionKeys rotated() {
        return new AdmissionKeys(
                Stream.concat(generate().keys.stream(), keys.stream()).toList());
    }

    /**
     * The same keys without this one.
     *
     * @throws IllegalArgumentException if there is no such key, or no other
     */
    public AdmissionKeys without(String id) {
        if (!byId.containsKey(id) || keys.size() == 1) {
            throw new IllegalArgumentException("%s can't be dropped from %s".formatted(id, this));
        }
        return new AdmissionKeys(
                keys.stream().filter(key -> !key.getKeyID().equals(id)).toList());
    }

    /** The ids, the signing key's first where there is one. */
    public List<String> ids() {
        return List.copyOf(byId.keySet());
    }

    /** The public halves as a JSON Web Key Set, for those who verify. */
    public String toPublicJwks() {
        return set().toString(true);
    }

    /** All that is held, private halves included, for the one file that it is kept in. */
    public String toSecretJwks() {
        return set().toString(false);
    }

    /** The ids alone. */
    @Override
    public String toString() {
        return "the keys " + byId.keySet();
    }

    Optional<ECKey> signing() {
        return keys.stream().filter(ECKey::isPrivate).findFirst();
    }

    @Nullable
    ECKey get(String id) {
        return byId.get(id);
    }

    private JWKSet set() {
        return new JWKSet(List.copyOf(keys));
    }

    private static boolean isUsable(JWK key) {
        return key instanceof ECKey curve
                && Curve.P_256.equals(curve.getCurve())
                && key.getKeyID() != null
                && (key.getKeyUse() == null || KeyUse.SIGNATURE.equals(key.getKeyUse()))
                && (key.getAlgorithm() == null || JWSAlgorithm.ES256.equals(key.getAlgorithm()));
    }
}
