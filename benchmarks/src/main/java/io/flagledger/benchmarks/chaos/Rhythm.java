package io.flagledger.benchmarks.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Makes something bad again and again, each time for a while, and keeps what is noted of it. On a thread of its own.
 *
 * @param <S> what is noted of one time
 */
final class Rhythm<S> {
    private static final long TICK_NANOS = 20_000_000;

    /** Begins it once more; null if that can't be any more. */
    interface Maker<S> {
        @Nullable
        Begun<S> begin(Random random) throws Exception;
    }

    /** Something that is there until it is ended. */
    interface Begun<S> {
        /**
         * Ends it.
         *
         * @param from when it was there for certain, by the machine's clock
         * @param to up to when
         */
        S end(long from, long to) throws Exception;
    }

    private final Maker<S> maker;
    private final Duration pause;
    private final Duration longest;
    private final Random random;
    private final List<S> spells = new ArrayList<>();
    private final Thread thread;
    private volatile boolean ending;
    private @Nullable Exception failed;

    /**
     * @param name of the thread
     * @param pause from one time to the next, on average
     * @param longest that one may take
     */
    Rhythm(String name, Maker<S> maker, Duration pause, Duration longest, long seed) {
        this.maker = maker;
        this.pause = pause;
        this.longest = longest;
        this.random = new Random(seed);
        this.thread = new Thread(this::run, name);
    }

    void start() {
        thread.start();
    }

    /** Lets the last one end soon. */
    void endSoon() {
        ending = true;
    }

    boolean isEnding() {
        return ending;
    }

    /** What was noted of each, once the last has ended. */
    List<S> spells() throws Exception {
        thread.join();
        if (failed != null) {
            throw failed;
        }
        return List.copyOf(spells);
    }

    private void run() {
        try {
            while (true) {
                await((long) (pause.toNanos() * (0.25 + 1.5 * random.nextDouble())));
                Begun<S> begun = ending ? null : maker.begin(random);
                if (begun == null) {
                    return;
                }
                long from = System.nanoTime();
                double share = random.nextDouble();
                await((long) (longest.toNanos() * share * share)); // more of the short ones
                spells.add(begun.end(from, System.nanoTime()));
            }
        } catch (Exception e) {
            failed = e;
        }
    }

    private void await(long nanos) {
        long end = System.nanoTime() + nanos;
        while (!ending && System.nanoTime() < end) {
            LockSupport.parkNanos(TICK_NANOS);
        }
    }
}
