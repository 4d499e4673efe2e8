package io.flagledger.server.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The console's page and the policy that lets it load nothing but its own. */
record ConsolePage(String html, String importMapHash) {

    /** Each shows the page, which looks at its address itself (router.js); the last is where a sign-in comes back to. */
    static final List<String> ADDRESSES =
            List.of("/", "/flags", "/flags/{key}", "/time", "/who", "/audit", "/health", "/sign-in");

    static ConsolePage load() {
        try (InputStream page = ConsolePage.class.getResourceAsStream("/console/index.html")) {
            if (page == null) {
                throw new IllegalStateException("the console's page is not on the class path");
            }
            String html = new String(page.readAllBytes(), StandardCharsets.UTF_8);
            return new ConsolePage(html, importMapHash(html));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers with the page. */
    void answer(Context context) {
        context.header("Cache-Control", "no-cache").html(html);
    }

    /** @param tokenOrigin where else the page may send requests: to where it gets its tokens; null where that is nowhere */
    String contentSecurityPolicy(@Nullable String tokenOrigin) {
        return "default-src 'self'; script-src 'self' 'sha256-" + importMapHash + "'; connect-src 'self'"
                + (tokenOrigin == null ? "" : " " + tokenOrigin)
                + "; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    }

    /** An import map can't be a file of its own, so it is the one inline script, allowed by its hash. */
    private static String importMapHash(String html) {
        String start = "<script type=\"importmap\">";
        int from = html.indexOf(start) + start.length();
        String map = html.substring(from, html.indexOf("</script>", from));
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(map.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
