package io.flagledger.core.kafka;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.WireSchema;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.FlagState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a partition's events were, read from the log again when somebody asks, which is rare: the answer to a retry, the
 * events since a revision, what a flag was. Kept in memory is only where they lie, some 50 bytes an event. For one thread.
 */
final class Lookback {
    private final KafkaConnection connection;
    private final TopicPartition partition;
    private final Duration timeout;
    private final ChangeIds changeIds = new ChangeIds();
    private final Revisions revisions = new Revisions();

    Lookback(KafkaConnection connection, TopicPartition partition, Duration timeout) {
        this.connection = connection;
        this.partition = partition;
        this.timeout = timeout;
    }

    /** Takes note of the next event of the partition. */
    void remember(EventRecord read) {
        Event event = read.recorded().event();
        if (event.batch().index() == 0) {
            changeIds.put(event.environment(), event.changeId(), read.offset());
        }
        revisions.add(event, read.offset(), read.recorded().appendedAt());
    }

    /** The events that a command led to; none if it was not done. */
    List<Recorded> done(String environment, String changeId, long deadlineNanos) {
        List<Recorded> batch = new ArrayList<>();
        changeIds.find(environment, changeId, offset -> {
            batch.clear();
            scan(offset, deadlineNanos, recorded -> {
                Event event = recorded.event();
                boolean isOne = event.environment().equals(environment)
                        && event.changeId().equals(changeId);
                if (isOne) {
                    batch.add(recorded);
                }
                return isOne && event.batch().index() + 1 < event.batch().size();
            });
            return !batch.isEmpty();
        });
        return batch;
    }

    /** The events that changed a flag after a revision, oldest first. */
    List<Recorded> since(String environment, String flag, long revision, long deadlineNanos) {
        List<Recorded> since = new ArrayList<>();
        long first = revisions.offset(environment, flag, Math.max(0, revision) + 1);
        if (first >= 0) {
            scan(first, deadlineNanos, recorded -> {
                Event event = recorded.event();
                if (event.environment().equals(environment) && event.flag().equals(flag)) {
                    since.add(recorded);
                    return revisions.offset(environment, flag, event.revision() + 1) >= 0;
                }
                return true;
            });
        }
        return since;
    }

    /** What a flag was at a revision; null if it never was at it. */
    @Nullable
    Definition definition(String environment, String flag, long revision, long deadlineNanos) {
        long offset = revisions.offset(environment, flag, revision);
        if (offset < 0) {
            return null;
        }
        AtomicReference<@Nullable Definition> found = new AtomicReference<>();
        try (PartitionReader all = new PartitionReader(connection, partition, timeout)) {
            // A commit has returned a moment before readers may see it.
            while (!all.hasRead(offset + 1)) {
                all.readToEnd(deadlineNanos, event -> {
                    FlagState then = event.after().flags().get(flag);
                    if (event.offset() == offset && then != null) {
                        found.set(then.definition());
                    }
                });
            }
        }
        return found.get();
    }

    /** Hands out the events from an offset on, for as long as they are wanted. */
    private void scan(long from, long deadlineNanos, Predicate<Recorded> goesOn) {
        KafkaConsumer<byte[], byte[]> consumer = connection.consumer(timeout);
        try {
            consumer.assign(List.of(partition));
            consumer.seek(partition, from);
            long started = System.nanoTime();
            while (System.nanoTime() - deadlineNanos < 0) {
                for (ConsumerRecord<byte[], byte[]> kafkaRecord : consumer.poll(Duration.ofMillis(100))) {
                    Recorded recorded = timed(kafkaRecord);
                    if (recorded != null && !goesOn.test(recorded)) {
                        return;
                    }
                }
            }
            throw new KafkaUnavailableException(
                    "read %s again from offset %d".formatted(partition, from),
                    Duration.ofNanos(System.nanoTime() - started),
                    null);
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    /** The event with its ledger time; null if it is of an environment that cannot be read to this point. */
    private @Nullable Recorded timed(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        Recorded recorded;
        try {
            recorded = EventCodec.decode(
                    connection.format(partition.topic(), WireSchema.EVENT).read(kafkaRecord.value()),
                    Instant.ofEpochMilli(kafkaRecord.timestamp()));
        } catch (KafkaUnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            return null; // another environment's trouble, or this one's behind what was remembered
        }
        Instant ledgerTime = revisions.ledgerTime(recorded.event());
        return ledgerTime == null ? null : recorded.at(ledgerTime);
    }
}
