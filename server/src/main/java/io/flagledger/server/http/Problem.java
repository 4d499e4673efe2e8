package io.flagledger.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.command.Refusal;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.json.LedgerJson;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An error as RFC 9457 has it.
 *
 * @param name ends the type, in lower case with dashes
 * @param refusal the kind of refusal; null if it is none
 * @param events what happened meanwhile; empty if that is not the matter
 * @param retryAfter in seconds; 0 where nothing is said of it
 */
record Problem(
        int status,
        String name,
        String title,
        String detail,
        @Nullable String refusal,
        List<Recorded> events,
        long retryAfter) {
    static final String CONTENT_TYPE = "application/problem+json";
    private static final int RETRY_AFTER_SECONDS = 1;

    static Problem of(int status, String name, String title, String detail) {
        return new Problem(status, name, title, detail, null, List.of(), status == 503 ? RETRY_AFTER_SECONDS : 0);
    }

    static Problem malformed(String detail) {
        return of(422, "malformed", "The request can't be understood", detail);
    }

    static Problem notFound(String detail) {
        return of(404, "not-found", "Not found", detail);
    }

    static Problem unavailable(String detail) {
        return of(503, "unavailable", "Not just now", detail);
    }

    static Problem refused(Refusal refusal, List<Recorded> since) {
        boolean malformed =
                refusal.kind() == Refusal.Kind.BAD_COMMAND || refusal.kind() == Refusal.Kind.BAD_ENVIRONMENT;
        return new Problem(
                malformed ? 422 : 409,
                refusal.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                "The change was refused",
                refusal.message(),
                refusal.kind().name(),
                since,
                0);
    }

    /** The same, with when to try again. */
    Problem retryAfter(long seconds) {
        return new Problem(status, name, title, detail, refusal, events, seconds);
    }

    ProblemException asException() {
        return new ProblemException(this);
    }

    void answer(Context context) {
        if (retryAfter > 0) {
            context.header("Retry-After", String.valueOf(retryAfter));
        }
        context.status(status).result(json()).contentType(CONTENT_TYPE);
    }

    String json() {
        ObjectNode json = LedgerJson.object()
                .put("type", "urn:flag-ledger:problem:" + name)
                .put("title", title)
                .put("status", status)
                .put("detail", detail);
        if (refusal != null) {
            json.put("refusal", refusal);
        }
        if (!events.isEmpty()) {
            json.set(
                    "events",
                    LedgerJson.array(events.stream().map(LedgerJson::event).toList()));
        }
        return LedgerJson.print(json);
    }
}
