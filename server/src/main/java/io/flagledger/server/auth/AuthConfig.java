package io.flagledger.server.auth;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Whose tokens are believed. */
public sealed interface AuthConfig {
    /** Those signed with a key that lies on this machine. */
    record Local(LocalKey key) implements AuthConfig {
        public Local {
            requireNonNull(key, "key");
        }
    }

    /**
     * Those of an OpenID provider, or of any issuer that publishes its keys.
     *
     * @param issuer as the claim {@code iss} has it, to the letter
     * @param audience what the claim {@code aud} must hold, so that a token for another service does not open this one
     * @param jwksUri where the keys are; null: the issuer's discovery document says
     * @param clientId as whom the page signs people in; null if it can't
     * @param scope what the page asks the issuer for
     */
    record Issuer(
            URI issuer,
            String audience,
            @Nullable URI jwksUri,
            @Nullable String clientId,
            String scope,
            ClaimRules claims)
            implements AuthConfig {
        public Issuer {
            requireNonNull(issuer, "issuer");
            requireNonNull(scope, "scope");
            requireNonNull(claims, "claims");
            if (audience.isBlank()) {
                throw new IllegalArgumentException("an audience can't be empty");
            }
        }
    }
}
