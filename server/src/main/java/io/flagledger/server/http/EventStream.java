package io.flagledger.server.http;

import io.javalin.http.Context;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's server-sent events, where only the newest matters. No thread waits for the client, and nothing queues up: it
 * holds what is being written and a reference to what is newest. Any number of threads may use it.
 */
final class EventStream implements WriteListener {
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.http");

    private final ServletOutputStream out;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private byte @Nullable [] next;
    private boolean unflushed;
    private volatile boolean ended;
    private long blockedSince;

    private EventStream(ServletOutputStream out) {
        this.out = out;
    }

    /** Begins an answer that goes on for as long as both want it to. */
    static EventStream open(Context context) throws IOException {
        HttpServletResponse response = context.res();
        response.setStatus(200);
        response.setContentType("text/event-stream;charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no"); // or nginx would keep events back
        context.req().startAsync().setTimeout(0);
        EventStream stream = new EventStream(response.getOutputStream());
        context.future(() -> stream.end); // Javalin ends the answer when this is done, and not before
        stream.out.setWriteListener(stream);
        return stream;
    }

    /** Does something when it has ended, whoever ended it. */
    void onEnd(Runnable what) {
        CompletableFuture<Void> unused = end.thenRun(what);
    }

    /** Sends an event in place of one that has not been begun. */
    synchronized void offer(byte[] event) {
        next = event;
        write();
    }

    /** Sends something of no importance, if there is nothing else to be sent. */
    synchronized void fill(byte[] comment) {
        if (next == null) {
            offer(comment);
        }
    }

    /** For how long the client has not taken what it is being sent; 0 where it has. */
    synchronized long blockedNanos() {
        return blockedSince == 0 ? 0 : System.nanoTime() - blockedSince;
    }

    @Override
    public synchronized void onWritePossible() {
        blockedSince = 0;
        write();
    }

    @Override
    public void onError(Throwable problem) {
        log.debug("an event stream ends", problem);
        end();
    }

    private void write() {
        if (ended) {
            return;
        }
        try {
            while (out.isReady()) {
                if (unflushed) {
                    unflushed = false;
                    out.flush();
                } else if (next != null) {
                    byte[] event = next;
                    next = null;
                    unflushed = true;
                    out.write(event);
                } else {
                    return;
                }
            }
            if (blockedSince == 0) {
                blockedSince = System.nanoTime();
            }
        } catch (IOException | IllegalStateException e) {
            log.debug("an event stream ends as it can't be written to", e);
            end();
        }
    }

    void end() {
        ended = true;
        end.complete(null);
    }
}
