package io.flagledger.core.kafka;

import io.flagledger.core.fold.EnvironmentState;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads a ledger as it is now. Any number of threads may use it. */
public final class LedgerReader {
    private final KafkaConnection connection;
    private final LedgerTopics topics;
    private final Duration timeout;

    /**
     * @param timeout how long a read may take
     */
    public LedgerReader(KafkaConnection connection, LedgerTopics topics, Duration timeout) {
        this.connection = connection;
        this.topics = topics;
        this.timeout = timeout;
    }

    /**
     * Hands every event of an environment to the visitor, oldest first, up to the end of what is committed now, and
     * returns the state after the last.
     *
     * @throws StoppedException if the ledger is damaged or was written by a newer version, after the events before
     * @throws KafkaUnavailableException if Kafka did not answer in time
     */
    public EnvironmentState read(String environment, Consumer<EventRecord> visitor) {
        TopicPartition partition = new TopicPartition(topics.events(), topics.partitionOf(environment));
        long started = System.nanoTime();
        try (PartitionReader reader = new PartitionReader(connection, partition, timeout)) {
            reader.readToEnd(started + timeout.toNanos(), event -> {
                if (event.recorded().event().environment().equals(environment)) {
                    visitor.accept(event);
                }
            });
            RuntimeException stopped = reader.stopped(environment);
            if (stopped != null) {
                throw stopped;
            }
            return reader.state(environment);
        } catch (KafkaException e) {
            throw new KafkaUnavailableException(
                    "read the ledger of %s at %s".formatted(environment, connection),
                    Duration.ofNanos(System.nanoTime() - started),
                    e);
        }
    }
}
