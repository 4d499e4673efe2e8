package io.flagledger.server.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's server-sent events, where only the newest matters. No thread waits for the client, and nothing queues up: it
 * holds what is being written and a reference to what is newest. Any number of threads may use it.
 */
final class EventStream implements WriteListener {
    private final AsyncContext async;
    private final ServletOutputStream out;
    private final Consumer<EventStream> onEnd;
    private byte @Nullable [] next;
    private boolean unflushed;
    private boolean ended;
    private long blockedSince;

    private EventStream(AsyncContext async, ServletOutputStream out, Consumer<EventStream> onEnd) {
        this.async = async;
        this.out = out;
        this.onEnd = onEnd;
    }

    /**
     * Begins an answer that goes on for as long as both want it to.
     *
     * @param onEnd what to do when it has ended, whoever ended it
     */
    static EventStream open(HttpServletRequest request, HttpServletResponse response, Consumer<EventStream> onEnd)
            throws IOException {
        response.setStatus(200);
        response.setContentType("text/event-stream;charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no"); // or nginx would keep events back
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        EventStream stream = new EventStream(async, response.getOutputStream(), onEnd);
        stream.out.setWriteListener(stream);
        return stream;
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
            end();
        }
    }

    synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        try {
            async.complete();
        } catch (IllegalStateException e) {
            // the container has ended it already
        }
        onEnd.accept(this);
    }
}
