package io.flagledger.server.http;

import io.flagledger.server.auth.Authenticator;
import io.javalin.http.Context;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Headers that keep browsers from doing more with an answer than it is for, and names that are not answered to. */
final class Hardening {
    private static final String NOTHING_OF_THE_DEVICE =
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()";

    private final ConsolePage page;
    private final Authenticator authenticator;

    Hardening(ConsolePage page, Authenticator authenticator) {
        this.page = page;
        this.authenticator = authenticator;
    }

    void harden(Context context) {
        String path = context.path();
        boolean api = path.startsWith("/api/");
        context.header(
                "Content-Security-Policy",
                api ? "default-src 'none'; frame-ancestors 'none'" : page.contentSecurityPolicy(tokenOrigin()));
        context.header("X-Content-Type-Options", "nosniff");
        context.header("Referrer-Policy", "no-referrer");
        context.header("Permissions-Policy", NOTHING_OF_THE_DEVICE);
        if (api) {
            context.header("Cache-Control", "no-store");
        } else if (path.startsWith("/webjars/")) {
            context.header("Cache-Control", "public, max-age=31536000, immutable"); // the version is in the path
        }
    }

    /** Where the page gets tokens from, if that is elsewhere. */
    private @Nullable String tokenOrigin() {
        URI endpoint = authenticator.signIn().tokenEndpoint();
        return endpoint == null ? null : endpoint.getScheme() + "://" + endpoint.getRawAuthority();
    }

    /** A page of another site that has its own name resolved to this machine must not get in (DNS rebinding). */
    static void refuseForeignNames(Context context, Set<String> names) {
        String host = withoutPort(String.valueOf(context.host()));
        if (!names.contains(host)) {
            throw Problem.of(
                            403,
                            "foreign-host",
                            "This server is for this machine only",
                            "it answers to %s, not to '%s'".formatted(names, host))
                    .asException();
        }
    }

    static String withoutPort(String address) {
        return address.replaceFirst(":\\d+$", "");
    }
}
