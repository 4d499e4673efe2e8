package io.flagledger.server.push;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs some work whenever it is asked to: the first time at once, and in a burst at most once in {@value #PAUSE_MILLIS} ms.
 * The work always begins after the last time it was asked for. Any number of threads may use it.
 */
public final class Pushes {
    private static final long PAUSE_MILLIS = 50;

    private final ScheduledExecutorService thread;
    private final Runnable work;
    private final AtomicBoolean planned = new AtomicBoolean();
    private volatile long last = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);

    /** @param thread has one thread, so the work never runs twice at a time */
    public Pushes(ScheduledExecutorService thread, Runnable work) {
        this.thread = thread;
        this.work = work;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what the work throws it tells itself
    public void ask() {
        if (planned.compareAndSet(false, true)) {
            long wait = TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS) - (System.nanoTime() - last);
            try {
                thread.schedule(this::run, Math.max(0, wait), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                planned.set(false); // the server is closing
            }
        }
    }

    private void run() {
        planned.set(false);
        last = System.nanoTime();
        work.run();
    }
}
