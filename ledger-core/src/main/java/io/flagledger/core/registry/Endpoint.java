package io.flagledger.core.registry;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * One server of a registry.
 *
 * @param base without a slash at its end, and without credentials
 * @param authorization the header's value; never printed
 */
record Endpoint(URI base, @Nullable String authorization) {
    Endpoint {
        requireNonNull(base, "base");
    }

    /**
     * @param url may hold credentials, {@code http://user:password@host}, which are used if nothing else is given
     * @throws IllegalArgumentException if it is no address of a registry; the message does not hold its credentials
     */
    static Endpoint of(String url, @Nullable String authorization) {
        URI uri;
        try {
            uri = new URI(url.replaceAll("/+$", ""));
        } catch (URISyntaxException e) {
            throw wrong(e.getReason());
        }
        if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
            throw wrong("an address starts with http:// or https:// and names a host");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw wrong("an address has neither ? nor #");
        }
        String user = uri.getUserInfo();
        return new Endpoint(
                URI.create(uri.getScheme() + "://" + host(uri) + uri.getRawPath()),
                authorization != null || user == null ? authorization : Credentials.basic(user));
    }

    URI at(String path) {
        return URI.create(base + path);
    }

    @Override
    public String toString() {
        return base.toString();
    }

    private static String host(URI uri) {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    private static IllegalArgumentException wrong(@Nullable String why) {
        return new IllegalArgumentException("schema.registry.url holds an address that can't be used: " + why);
    }
}
