package io.flagledger.server.http;

import io.javalin.http.Context;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which pages of other origins may read OFREP's answers. Nothing here lets anybody in, for no cookie does: it only tells the
 * browser that a page which has a token may use it.
 */
final class Cors {
    private static final String REQUEST_HEADERS =
            "Authorization, Content-Type, If-None-Match, X-API-Key, " + OfrepApi.ENVIRONMENT;
    private static final int PREFLIGHT_SECONDS = 7_200; // the most that Chromium takes

    private final Pattern allowed;

    /** @param origins such as {@code https://app.example.com}, {@code http://localhost:*} for any port, or {@code *} for all */
    Cors(Set<String> origins) {
        allowed = Pattern.compile(origins.stream().map(Cors::form).collect(Collectors.joining("|")));
    }

    private static String form(String origin) {
        if (origin.equals("*")) {
            return ".+";
        }
        return origin.endsWith(":*")
                ? Pattern.quote(origin.substring(0, origin.length() - 2)) + "(:\\d{1,5})?"
                : Pattern.quote(origin);
    }

    /** Tells the browser what the page may read. */
    void allow(Context context) {
        context.res().addHeader("Vary", "Origin");
        String origin = context.header("Origin");
        if (origin != null && allowed.matcher(origin).matches()) {
            context.header("Access-Control-Allow-Origin", origin);
            // Without the ETag a client can't ask whether anything is new.
            context.header("Access-Control-Expose-Headers", "ETag, Retry-After");
        }
    }

    /** Answers what a browser asks before it sends the request itself. */
    void preflight(Context context) {
        context.header("Access-Control-Allow-Methods", "GET, POST");
        context.header("Access-Control-Allow-Headers", REQUEST_HEADERS);
        context.header("Access-Control-Max-Age", String.valueOf(PREFLIGHT_SECONDS));
        context.status(204);
    }
}
