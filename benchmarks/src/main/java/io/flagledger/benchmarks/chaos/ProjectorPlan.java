package io.flagledger.benchmarks.chaos;

import java.time.Duration;

/**
 * How much chaos there is to be among projectors.
 *
 * @param instances server processes
 * @param environments over which the changes are spread
 * @param changesPerSecond that one writer sends
 * @param length of the chaos
 * @param betweenBlows from one kill to the next, on average
 * @param askers threads that ask one question after the other
 * @param seed of every choice that is this program's
 */
public record ProjectorPlan(
        int instances,
        int environments,
        int changesPerSecond,
        Duration length,
        Duration betweenBlows,
        int askers,
        long seed) {}
