package io.flagledger.core.kafka;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * The topics of a ledger.
 *
 * @param events where every event lies for ever
 * @param state what the projector makes of them
 * @param partitions of each of the two; fixed when they are created, for an environment's place depends on it
 */
public record LedgerTopics(String events, String state, int partitions) {
    /** How many partitions a ledger gets when nobody says: enough to spread environments over a few projectors. */
    public static final int DEFAULT_PARTITIONS = 6;

    public static final LedgerTopics DEFAULT = withPrefix("flag-ledger");

    public LedgerTopics {
        requireNonNull(events, "events");
        requireNonNull(state, "state");
        if (partitions < 1) {
            throw new IllegalArgumentException("a topic has at least one partition but this one has " + partitions);
        }
    }

    /** The topics {@code <prefix>.events} and {@code <prefix>.state}. */
    public static LedgerTopics withPrefix(String prefix) {
        return new LedgerTopics(prefix + ".events", prefix + ".state", DEFAULT_PARTITIONS);
    }

    /** The same topics with another number of partitions each. */
    public LedgerTopics withPartitions(int number) {
        return new LedgerTopics(events, state, number);
    }

    /** What the transactional ids of all writers to this ledger start with, and those of no other ledger. */
    public String transactionalIdPrefix() {
        return transactionalIdPrefix(events);
    }

    static String transactionalIdPrefix(String events) {
        return "flag-ledger-writer-" + events + "-";
    }

    /** The partition in which all of an environment lies: {@code murmur2(environment) mod partitions}. */
    public int partitionOf(String environment) {
        return Utils.toPositive(Utils.murmur2(environment.getBytes(StandardCharsets.UTF_8))) % partitions;
    }
}
