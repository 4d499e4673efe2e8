package io.flagledger.benchmarks.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Makes trouble of one kind again and again, and notes when. On a thread of its own. */
final class Trouble {
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
    private final Rhythm<Spell> rhythm;

    /**
     * @param processes of which one at a time is in trouble, and now and then all; none if it is always for everybody
     */
    Trouble(String kind, Maker maker, int processes, Duration pause, Duration longest, long seed) {
        this.kind = kind;
        this.maker = maker;
        this.processes = processes;
        this.rhythm = new Rhythm<>(kind, this::begin, pause, longest, seed ^ kind.hashCode());
    }

    void start() {
        rhythm.start();
    }

    /** Lets the last trouble end soon. */
    void endSoon() {
        rhythm.endSoon();
    }

    /** All of it, once it has ended. */
    List<Spell> spells() throws Exception {
        return rhythm.spells();
    }

    private Rhythm.Begun<Spell> begin(Random random) throws Exception {
        int whom = processes == 0 || random.nextInt(4) == 0 ? EVERYBODY : random.nextInt(processes);
        maker.begin(whom);
        return (from, to) -> {
            maker.end(whom);
            return new Spell(kind, whom, from, to, System.nanoTime());
        };
    }
}
