package io.flagledger.sdk;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Names;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import java.time.Duration;

/**
 * What to follow, and how.
 *
 * @param staleAfter how long Kafka may be silent before answers are called stale
 */
public record FlagLedgerConfig(
        KafkaConnection connection, LedgerTopics topics, String environment, Duration staleAfter) {
    public FlagLedgerConfig {
        requireNonNull(connection, "connection");
        requireNonNull(topics, "topics");
        requireNonNull(staleAfter, "staleAfter");
        if (!Names.isEnvironment(environment)) {
            throw new IllegalArgumentException("an environment can't be called '%s': its name must match %s"
                    .formatted(environment, Names.ENVIRONMENT_FORM));
        }
    }

    /** An environment on a cluster that asks for nothing but its address, {@code host:port}. */
    public static FlagLedgerConfig of(String bootstrapServers, String environment) {
        return of(KafkaConnection.of(bootstrapServers), environment);
    }

    /** An environment on any cluster. */
    public static FlagLedgerConfig of(KafkaConnection connection, String environment) {
        return new FlagLedgerConfig(connection, LedgerTopics.DEFAULT, environment, Duration.ofSeconds(5));
    }

    /** The same, with topics of other names or of another number of partitions. */
    public FlagLedgerConfig withTopics(LedgerTopics other) {
        return new FlagLedgerConfig(connection, other, environment, staleAfter);
    }

    /** The same, called stale after another silence. */
    public FlagLedgerConfig withStaleAfter(Duration silence) {
        return new FlagLedgerConfig(connection, topics, environment, silence);
    }
}
