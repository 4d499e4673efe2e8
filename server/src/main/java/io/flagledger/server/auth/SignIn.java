package io.flagledger.server.auth;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * How a person gets a token. Without an issuer {@code ./ledger token} gives one.
 *
 * @param issuer null without one; then all the others are null
 * @param authorizationEndpoint null while the issuer does not tell
 * @param tokenEndpoint null while the issuer does not tell
 * @param clientId as whom the page signs people in; null if it was not given one
 * @param scope what the page asks for
 */
public record SignIn(
        @Nullable URI issuer,
        @Nullable URI authorizationEndpoint,
        @Nullable URI tokenEndpoint,
        @Nullable String clientId,
        @Nullable String scope) {
    static final SignIn LOCAL = new SignIn(null, null, null, null, null);
}
