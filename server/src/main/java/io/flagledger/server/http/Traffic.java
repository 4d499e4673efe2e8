package io.flagledger.server.http;

import io.flagledger.server.metrics.ServerMetrics;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.MDC;

/**
 * Gives each request an id, which is in its answer and in all that is logged on its way, and counts it. A caller's own id is
 * kept, so that a change is found in everybody's logs by one word.
 */
final class Traffic {
    static final String REQUEST_ID = "X-Request-Id";
    private static final String LOGGED = "requestId";
    private static final String BEGAN = "traffic.began";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:/+=-]{1,128}");

    private final ServerMetrics metrics;

    Traffic(ServerMetrics metrics) {
        this.metrics = metrics;
    }

    void begin(Context context) {
        context.attribute(BEGAN, System.nanoTime());
        String id = context.header(REQUEST_ID);
        if (id == null || !ID.matcher(id).matches()) {
            id = UUID.randomUUID().toString();
        }
        MDC.put(LOGGED, id);
        context.header(REQUEST_ID, id);
    }

    void end(Context context) {
        String id = id();
        MDC.remove(LOGGED);
        Long began = context.attribute(BEGAN);
        if (began != null) {
            AccessLog.line(context, System.nanoTime() - began, id);
            metrics.answered(
                    method(context),
                    route(context),
                    context.status().getCode(),
                    Duration.ofNanos(System.nanoTime() - began));
        }
    }

    /** The id of the request that this thread is at; for what is told of a failure. */
    static String id() {
        return String.valueOf(MDC.get(LOGGED));
    }

    /** Anybody may invent one, and each would be counted by itself for ever. */
    private static String method(Context context) {
        String name = context.method().name();
        return METHODS.contains(name) ? name : "other";
    }

    /** As it is served, not as it was asked for: there are as few of them as there are lines that serve them. */
    private static String route(Context context) {
        Endpoint endpoint = context.endpoints().matchedHttpEndpoint();
        return endpoint == null ? "other" : endpoint.path;
    }
}
