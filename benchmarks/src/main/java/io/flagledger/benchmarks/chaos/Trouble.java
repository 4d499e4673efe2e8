package io.flagledger.benchmarks.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Makes trouble of one kind again and again, and notes when. On a thread of its own. */
final class Trouble {
    private static final long TICK_NANOS = 20_000_000;

    /** What begins and ends trouble. */
    interface Maker {
        /** Begins it, for one process, or for all if that is {@link #EVERYBODY}. */
        void begin(int whom) throws Exception;

        void end(int whom) throws Exception;
    }

    /**
     * One time of trouble, by the machine's clock.
     *
     * @param whom the process, or {@link #EVERYBODY}
     * @param from when it was there for certain
     * @param to up to when
     * @param over when all was well again, as far as the one who made the trouble knows
     */
    record Spell(String kind, int whom, long from, long to, long over) {
        boolean isOf(int process) {
            return whom == EVERYBODY || whom == process;
        }
    }

    static final int EVERYBODY = -1;

    private final String kind;
    private final Maker maker;
    private final int processes;
    private final Duration pause;
    private final Duration longest;
    private final Random random;
    private final List<Spell> spells = new ArrayList<>();
    private final Thread thread;
    private volatile boolean ending;
    private @Nullable Exception failed;

    /**
     * @param processes of which one at a time is in trouble, and now and then all; none if it is always for everybody
     */
    Trouble(String kind, Maker maker, int processes, Duration pause, Duration longest, long seed) {
        this.kind = kind;
        this.maker = maker;
        this.processes = processes;
        this.pause = pause;
        this.longest = longest;
        this.random = new Random(seed ^ kind.hashCode());
        this.thread = new Thread(this::run, kind);
    }

    void start() {
        thread.start();
    }

    /** Lets the last trouble end soon. */
    void endSoon() {
        ending = true;
    }

    /** All of it, once it has ended. */
    List<Spell> spells() throws Exception {
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
                if (ending) {
                    return;
                }
                int whom = processes == 0 || random.nextInt(4) == 0 ? EVERYBODY : random.nextInt(processes);
                maker.begin(whom);
                long from = System.nanoTime();
                double share = random.nextDouble();
                await((long) (longest.toNanos() * share * share)); // more of the short ones
                long to = System.nanoTime();
                maker.end(whom);
                spells.add(new Spell(kind, whom, from, to, System.nanoTime()));
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
