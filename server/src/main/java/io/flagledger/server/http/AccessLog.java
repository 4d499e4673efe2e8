package io.flagledger.server.http;

import io.flagledger.server.auth.Caller;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line a request, at level INFO of the logger {@code io.flagledger.access}: who asked for what, and how it went. What
 * stands behind the question mark is left out, as it may hold somebody's id or the token of an event stream.
 */
final class AccessLog {
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.access");

    private AccessLog() {}

    static void line(Context context, long nanos, String requestId) {
        if (log.isInfoEnabled()) {
            Caller caller = Callers.find(context);
            log.info(
                    "{} {} {} {} ms {} bytes by {} from {} ({})",
                    context.method(),
                    plain(context.path()),
                    context.status().getCode(),
                    nanos / 1_000_000,
                    bytes(context),
                    caller == null ? "-" : plain(caller.subject()),
                    context.req().getRemoteAddr(),
                    requestId);
        }
    }

    /** The length of the answer; - where it is written as it is made. */
    private static String bytes(Context context) {
        String length = context.res().getHeader("Content-Length");
        if (length != null) {
            return length;
        }
        try {
            InputStream body = context.resultInputStream();
            return body == null ? "-" : String.valueOf(body.available());
        } catch (IOException e) {
            return "-";
        }
    }

    /** In one line, whatever characters somebody put into it. */
    private static String plain(String text) {
        return text.replaceAll("[\\p{Cntrl}\\s]", "?");
    }
}
