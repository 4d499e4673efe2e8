package io.flagledger.benchmarks.chaos;

import java.time.Duration;

/**
 * How large the town is in which faults happen, and how many of them.
 *
 * @param projectors that take part in answering for the past
 * @param servers that take changes and answer of now
 * @param evaluatorJvms each with an equal share of evaluators; every other one's read events alone, the rest begin with the state topic
 * @param writerJvms of writers that go to Kafka
 * @param httpWriters that go to servers, in one process
 * @param paceMillis what each writer lets pass from one command to the next
 * @param length of the time in which faults begin
 * @param hands how many faults there may be at once
 * @param betweenFaults from the end of one to the beginning of the next of the same hand, on average
 * @param longestFault how long one lasts at most, what a killed process needs to start not included
 * @param seed of every choice that is this program's
 */
public record FaultPlan(
        int projectors,
        int servers,
        int evaluatorJvms,
        int evaluatorsPerJvm,
        int writerJvms,
        int writersPerJvm,
        int httpWriters,
        int paceMillis,
        Duration length,
        int hands,
        Duration betweenFaults,
        Duration longestFault,
        long seed) {
    static final int BROKERS = 3;

    static FaultPlan full(Duration length, long seed) {
        return new FaultPlan(2, 2, 5, 2, 2, 2, 3, 400, length, 2, Duration.ofSeconds(5), Duration.ofSeconds(20), seed);
    }

    int writers() {
        return writerJvms * writersPerJvm + httpWriters;
    }

    boolean isHttp(int writer) {
        return writer >= writerJvms * writersPerJvm;
    }
}
