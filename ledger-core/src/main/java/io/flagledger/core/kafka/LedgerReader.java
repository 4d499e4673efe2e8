package io.flagledger.core.kafka;

import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.travel.LedgerHistory;
import io.flagledger.core.travel.ReplayedHistory;
import io.flagledger.core.travel.Step;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Reads ledgers: as they are now, as they grow, and as they were. Nothing is believed: each event is folded, and so is
 * checked for its place, its link to the one before, and what it does to its flag. Any number of threads may use it.
 */
public final class LedgerReader {
    private final KafkaConnection connection;
    private final LedgerTopics topics;
    private final Duration patience;

    /**
     * @param patience how long Kafka may stay silent before a read gives up. A read that gets on may take longer.
     */
    public LedgerReader(KafkaConnection connection, LedgerTopics topics, Duration patience) {
        this.connection = connection;
        this.topics = topics;
        this.patience = patience;
    }

    /**
     * Hands every event of an environment to the visitor, oldest first, up to its end as it is now, and returns the state
     * after the last.
     *
     * @throws StoppedException if the ledger is damaged or was written by a newer version, after the events before
     * @throws KafkaUnavailableException if Kafka did not answer in time
     */
    public EnvironmentState read(String environment, Consumer<EventRecord> visitor) {
        return read(environment, Reading.ALL, event -> {
            visitor.accept(event);
            return true;
        });
    }

    /**
     * Hands the events that are wanted to the visitor, oldest first, until the visitor has seen enough, or up to the end as
     * it is now, and returns the state after the last event that was read. Every append that has returned by now is seen
     * (unless Kafka takes more than half a second to show it).
     *
     * @throws StoppedException if the ledger is damaged, was replaced or was written by a newer version, after the events
     *     before
     * @throws KafkaUnavailableException if Kafka did not answer in time
     */
    public EnvironmentState read(String environment, Reading wanted, EventVisitor visitor) {
        long started = System.nanoTime();
        try (EnvironmentReader reader = open(environment, wanted)) {
            reader.readToEnd(visitor);
            return reader.state();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            throw new KafkaUnavailableException(
                    "read the ledger of %s at %s".formatted(environment, connection),
                    Duration.ofNanos(System.nanoTime() - started),
                    e);
        }
    }

    /**
     * Follows an environment: first the events so far that are wanted, then those to come. Nothing is read before the
     * first {@link LedgerTail#poll}. To be closed.
     */
    public LedgerTail follow(String environment, Reading wanted) {
        return new LedgerTail(open(environment, wanted));
    }

    /** The past of an environment, from its log alone: each question reads it anew. */
    public LedgerHistory history(String environment) {
        return history(environment, Progress.NONE);
    }

    /** The past of an environment, from its log alone, with somebody told how far each read has come. */
    public LedgerHistory history(String environment, Progress progress) {
        return new ReplayedHistory(
                environment,
                visitor -> read(
                        environment,
                        Reading.ALL.telling(progress),
                        event -> visitor.take(new Step(event.recorded(), event.before(), event.after()))));
    }

    private EnvironmentReader open(String environment, Reading wanted) {
        TopicPartition partition = new TopicPartition(topics.events(), topics.partitionOf(environment));
        return new EnvironmentReader(connection, partition, environment, wanted, patience);
    }
}
