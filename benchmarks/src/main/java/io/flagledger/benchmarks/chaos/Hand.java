package io.flagledger.benchmarks.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes one fault after the other, and notes when. On a thread of its own. */
final class Hand {
    private final FaultBox box;
    private final Rhythm<Fault.Spell> rhythm;

    Hand(FaultBox box, Duration pause, Duration longest, long seed) {
        this.box = box;
        this.rhythm = new Rhythm<>("hand", this::begin, pause, longest, seed);
    }

    void start() {
        rhythm.start();
    }

    /** Lets the last fault end soon. */
    void endSoon() {
        rhythm.endSoon();
    }

    /** All of them, once the last has ended. */
    List<Fault.Spell> spells() throws Exception {
        return rhythm.spells();
    }

    private Rhythm.@Nullable Begun<Fault.Spell> begin(Random random) throws Exception {
        Fault drawn = null;
        while (drawn == null && !rhythm.isEnding()) {
            drawn = box.draw(random);
        }
        if (drawn == null) {
            return null;
        }
        Fault fault = drawn;
        fault.begin();
        System.out.printf("%tT %s of %s%n", System.currentTimeMillis(), fault.kind(), fault.whom());
        return (from, to) -> {
            fault.end();
            Fault.Spell spell = new Fault.Spell(fault.kind(), fault.whom(), from, to, System.nanoTime());
            box.giveBack(fault);
            return spell;
        };
    }
}
