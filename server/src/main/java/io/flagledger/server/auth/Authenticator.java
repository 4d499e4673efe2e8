package io.flagledger.server.auth;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells by a bearer token (RFC 6750) who asks. Any number of threads may use it. */
public final class Authenticator {
    private static final Pattern BEARER = Pattern.compile("(?i)bearer +([A-Za-z0-9._~+/-]+=*) *");
    private static final int MAX_LENGTH = 16 * 1024;

    private final Tokens tokens;
    private final @Nullable Discovery discovery;
    private final AuthConfig config;

    private Authenticator(AuthConfig config, Tokens tokens, @Nullable Discovery discovery) {
        this.config = config;
        this.tokens = tokens;
        this.discovery = discovery;
    }

    /** Asks nobody for anything yet: an issuer that is down for now is asked when a token comes. */
    public static Authenticator of(AuthConfig config) {
        if (config instanceof AuthConfig.Issuer issuer) {
            Discovery discovery = new Discovery(issuer.issuer());
            return new Authenticator(config, Tokens.of(issuer, discovery), discovery);
        }
        return new Authenticator(config, Tokens.of(((AuthConfig.Local) config).key()), null);
    }

    /**
     * Who sends a request.
     *
     * @param authorization the value of the header {@code Authorization}; null if there is none
     * @throws UnauthenticatedException if that is not to be believed, or names nobody
     * @throws IssuerSilentException if it can't be verified just now
     */
    public Caller authenticate(@Nullable String authorization) {
        if (authorization == null) {
            throw UnauthenticatedException.nothingSent();
        }
        var bearer = BEARER.matcher(authorization);
        if (authorization.length() > MAX_LENGTH || !bearer.matches()) {
            throw UnauthenticatedException.invalid("the header Authorization must be 'Bearer' and a token");
        }
        return tokens.caller(bearer.group(1));
    }

    /** How people get a token. */
    public SignIn signIn() {
        if (!(config instanceof AuthConfig.Issuer issuer) || discovery == null) {
            return SignIn.LOCAL;
        }
        Discovery.@Nullable Document document = discovery.tryDocument();
        return new SignIn(
                issuer.issuer(),
                document == null ? null : document.authorizationEndpoint(),
                document == null ? null : document.tokenEndpoint(),
                issuer.clientId(),
                issuer.scope());
    }
}
