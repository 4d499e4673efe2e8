package io.flagledger.benchmarks.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Makes one fault after the other, and notes when. On a thread of its own. */
final class Hand {
    private static final long TICK_NANOS = 20_000_000;

    private final FaultBox box;
    private final Duration pause;
    private final Duration longest;
    private final Random random;
    private final List<Fault.Spell> spells = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "hand");
    private volatile boolean ending;
    private @Nullable Exception failed;

    Hand(FaultBox box, Duration pause, Duration longest, long seed) {
        this.box = box;
        this.pause = pause;
        this.longest = longest;
        this.random = new Random(seed);
    }

    void start() {
        thread.start();
    }

    /** Lets the last fault end soon. */
    void endSoon() {
        ending = true;
    }

    /** All of them, once the last has ended. */
    List<Fault.Spell> spells() throws Exception {
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
                Fault fault = null;
                while (fault == null && !ending) {
                    fault = box.draw(random);
                }
                if (fault == null) {
                    return;
                }
                fault.begin();
                long from = System.nanoTime();
                System.out.printf("%tT %s of %s%n", System.currentTimeMillis(), fault.kind(), fault.whom());
                double share = random.nextDouble();
                await((long) (longest.toNanos() * share * share)); // more of the short ones
                long to = System.nanoTime();
                fault.end();
                spells.add(new Fault.Spell(fault.kind(), fault.whom(), from, to, System.nanoTime()));
                box.giveBack(fault);
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
