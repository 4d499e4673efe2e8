package io.flagledger.server.http;

import io.javalin.http.Context;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers that are written as they are made. */
final class Streaming {
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.http");

    private Streaming() {}

    /**
     * Writes an answer. If that fails on the way the connection is cut, since the status was told already, and an answer that
     * just ends would be taken for a whole one.
     */
    static void write(Context context, Body body) {
        try {
            OutputStream out = new BufferedOutputStream(context.res().getOutputStream());
            body.write(out);
            out.flush();
        } catch (IOException | RuntimeException e) {
            log.info("the answer to {} {} is broken off: {}", context.method(), context.path(), e.toString());
            ServletContextRequest.getServletContextRequest(context.req())
                    .getServletChannel()
                    .abort(e);
        }
    }

    /** What is written. */
    interface Body {
        void write(OutputStream out) throws IOException;
    }
}
