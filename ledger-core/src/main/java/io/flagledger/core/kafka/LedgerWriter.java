package io.flagledger.core.kafka;

import io.flagledger.core.command.Command;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;

/**
 * Appends changes to ledgers. Serves any number of environments and threads; keep one for as long as the process lives,
 * since the first append to a partition reads it whole.
 *
 * <p>Several processes may write to the same environment: each append is checked against the true end of the ledger, and
 * whoever comes second is checked again.
 */
public final class LedgerWriter implements AutoCloseable {
    private final KafkaConnection connection;
    private final LedgerTopics topics;
    private final InstantSource clock;
    private final Map<Integer, PartitionWriter> partitions = new HashMap<>();
    private boolean closed;

    private LedgerWriter(KafkaConnection connection, LedgerTopics topics, InstantSource clock) {
        this.connection = connection;
        this.topics = topics;
        this.clock = clock;
    }

    /**
     * Makes a writer. The topics are created where they are missing.
     *
     * @param timeout how long Kafka may take to answer
     * @throws WrongTopicException if a topic is not what a ledger needs
     * @throws KafkaUnavailableException if Kafka did not answer in time
     */
    public static LedgerWriter open(KafkaConnection connection, LedgerTopics topics, Duration timeout) {
        TopicSetup.ensure(connection, topics, timeout);
        return new LedgerWriter(connection, topics, InstantSource.system());
    }

    /**
     * Makes a writer to a ledger that is there already, and creates nothing.
     *
     * @param timeout how long Kafka may take to answer
     * @return nothing if a topic is missing
     * @throws WrongTopicException if a topic is not what a ledger needs
     * @throws KafkaUnavailableException if Kafka did not answer in time
     */
    public static Optional<LedgerWriter> find(KafkaConnection connection, LedgerTopics topics, Duration timeout) {
        return TopicSetup.findToAppend(connection, topics, timeout)
                .map(found -> new LedgerWriter(connection, topics, InstantSource.system()));
    }

    /** Appends with {@link AppendOptions#DEFAULT}. */
    public AppendResult append(String environment, Actor actor, String reason, List<? extends Change> changes) {
        return append(environment, actor, reason, changes, AppendOptions.DEFAULT);
    }

    /**
     * Appends changes to an environment, all or none; readers see them together. When this returns, they are committed,
     * or it is certain that they are not and why.
     *
     * <p>Waits no longer than the options say, plus, at the first append to a partition, for as long as the reading of what
     * is there gets on: 47 s for a million events on two busy cores.
     *
     * @throws KafkaUnavailableException if it could not be found out in time, or Kafka refuses. The changes may then be in
     *     the ledger or not; the same call with the same change id finds out.
     * @throws StoppedException if the environment's ledger is damaged or was written by a newer version
     * @throws IllegalStateException if this writer is closed
     */
    public AppendResult append(
            String environment, Actor actor, String reason, List<? extends Change> changes, AppendOptions options) {
        String changeId = options.changeId();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Command command = new Command(
                changeId == null ? UUID.randomUUID().toString() : changeId,
                now,
                actor,
                reason,
                List.copyOf(changes),
                options.expectedRevision());
        return append(environment, command, options.timeout());
    }

    /**
     * Appends a command as it is, its {@code occurredAt} included. This is for copies of a ledger; everybody else has the
     * clock read for them.
     *
     * @throws KafkaUnavailableException as above
     * @throws StoppedException as above
     */
    public AppendResult append(String environment, Command command, Duration timeout) {
        return partitionOf(environment).append(environment, command, timeout);
    }

    /** How often this writer has taken the right to append to some partition from whoever had it; the first time counts. */
    public synchronized long takeovers() {
        return partitions.values().stream()
                .mapToLong(PartitionWriter::takeovers)
                .sum();
    }

    private synchronized PartitionWriter partitionOf(String environment) {
        if (closed) {
            throw new IllegalStateException("this writer is closed");
        }
        return partitions.computeIfAbsent(
                topics.partitionOf(environment),
                number -> new PartitionWriter(connection, new TopicPartition(topics.events(), number)));
    }

    /**
     * Lets what is being committed end. Appends that wait are turned away with an {@link IllegalStateException}; nothing of
     * them is in the ledger.
     */
    @Override
    public void close() {
        List<PartitionWriter> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(partitions.values());
        }
        all.forEach(PartitionWriter::close);
    }
}
