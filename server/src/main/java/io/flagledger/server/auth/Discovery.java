package io.flagledger.server.auth;

import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.text.ParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an OpenID provider tells of itself, asked for once it is needed and kept then. Any number of threads may use it. */
final class Discovery {
    static final int CONNECT_MILLIS = 2_000;
    static final int READ_MILLIS = 5_000;
    static final int MAX_BYTES = 256 * 1024;
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.auth");
    private static final long PAUSE_NANOS = 5_000_000_000L;

    private final URI issuer;
    private final DefaultResourceRetriever http = new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, MAX_BYTES);
    private volatile @Nullable Document known;
    private volatile @Nullable Long failedAt;

    Discovery(URI issuer) {
        this.issuer = issuer;
    }

    /**
     * What matters here of the document.
     *
     * @param authorizationEndpoint null if people can't sign in there
     * @param tokenEndpoint null if people can't sign in there
     */
    record Document(
            URI jwksUri,
            @Nullable URI authorizationEndpoint,
            @Nullable URI tokenEndpoint) {}

    /** The document; null while it can't be had, in which case it is not asked for again at once. */
    @Nullable
    Document tryDocument() {
        Long failed = failedAt;
        if (known == null && failed != null && System.nanoTime() - failed < PAUSE_NANOS) {
            return null;
        }
        try {
            return document();
        } catch (IOException e) {
            log.warn("what {} tells of itself can't be had: {}", issuer, e.getMessage());
            return null;
        }
    }

    /** @throws IOException if it can't be had, or is another issuer's */
    Document document() throws IOException {
        Document document = known;
        if (document == null) {
            try {
                document = read(fetch());
                known = document;
            } catch (IOException e) {
                failedAt = System.nanoTime();
                throw e;
            }
        }
        return document;
    }

    private String fetch() throws IOException {
        String base = issuer.toString();
        URI address = URI.create((base.endsWith("/") ? base : base + "/") + ".well-known/openid-configuration");
        return http.retrieveResource(address.toURL()).getContent();
    }

    private Document read(String text) throws IOException {
        try {
            Map<String, Object> json = JSONObjectUtils.parse(text);
            String said = JSONObjectUtils.getString(json, "issuer");
            if (!issuer.toString().equals(said)) {
                throw new IOException(
                        "it calls itself %s, which is not the issuer %s to the letter".formatted(said, issuer));
            }
            URI jwks = JSONObjectUtils.getURI(json, "jwks_uri");
            if (jwks == null) {
                throw new IOException("its discovery document names no jwks_uri");
            }
            return new Document(jwks, endpoint(json, "authorization_endpoint"), endpoint(json, "token_endpoint"));
        } catch (ParseException e) {
            throw new IOException("its discovery document is none: " + e.getMessage(), e);
        }
    }

    private static @Nullable URI endpoint(Map<String, Object> json, String name) throws ParseException {
        String text = JSONObjectUtils.getString(json, name);
        try {
            return text == null ? null : new URI(text);
        } catch (URISyntaxException e) {
            throw new ParseException(name + " is no address", 0);
        }
    }
}
