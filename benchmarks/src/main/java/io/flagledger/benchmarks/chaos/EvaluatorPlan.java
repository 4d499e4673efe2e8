package io.flagledger.benchmarks.chaos;

import java.time.Duration;

/**
 * How much chaos there is to be among evaluators.
 *
 * @param jvms evaluator processes, each with a proxy of its own between it and the broker
 * @param evaluatorsPerJvm that each of them holds
 * @param changesPerSecond that one writer sends
 * @param length of the chaos
 * @param betweenTroubles of one kind, from the end of one to the beginning of the next, on average
 * @param longestTrouble how long a cut, a nap or the death of a broker lasts at most, its start not included
 * @param staleAfter of the evaluators
 * @param convergence how long all of them may take to be alike after the end; one that was in trouble may take five times as
 *     long to be current again
 * @param seed of every choice that is this program's
 */
public record EvaluatorPlan(
        int jvms,
        int evaluatorsPerJvm,
        int changesPerSecond,
        Duration length,
        Duration betweenTroubles,
        Duration longestTrouble,
        Duration staleAfter,
        Duration convergence,
        long seed) {}
