package io.flagledger.benchmarks.chaos;

import java.time.Duration;

/**
 * How much chaos there is to be.
 *
 * @param jvms writer processes
 * @param writersPerJvm each a {@code LedgerWriter} of its own with one thread that calls it
 * @param changesPerWriter commands that each of them sends
 * @param blows how many times a writer process is killed or put to sleep, spread over the run
 * @param longestNap of the naps; they are of many lengths, and the last but one is of this
 * @param brokerKills how many times the broker is killed and started again, spread over the run
 * @param seed of every choice that is this program's
 */
public record Plan(
        int jvms, int writersPerJvm, int changesPerWriter, int blows, Duration longestNap, int brokerKills, long seed) {

    int writers() {
        return jvms * writersPerJvm;
    }

    int changes() {
        return writers() * changesPerWriter;
    }
}
