package io.flagledger.core.kafka;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.WireSchema;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.Fold;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads one partition of the events topic from its start, as often as asked up to what is its end by then, and folds
 * each environment in it. For one thread.
 */
final class PartitionReader implements AutoCloseable {
    private final KafkaConnection connection;
    private final Duration timeout;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final TopicFormat format;
    private final Map<String, EnvironmentState> environments = new HashMap<>();
    private final Map<String, RuntimeException> stopped = new HashMap<>();
    private @Nullable KafkaConsumer<byte[], byte[]> uncommitted;
    private long next;

    PartitionReader(KafkaConnection connection, TopicPartition partition, Duration timeout) {
        this.connection = connection;
        this.partition = partition;
        this.timeout = timeout;
        this.format = connection.format(partition.topic(), WireSchema.EVENT);
        this.consumer = connection.consumer(timeout);
        consumer.assign(List.of(partition));
        consumer.seek(partition, 0);
    }

    /**
     * Reads on to the end of what is committed now.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
     * @throws KafkaUnavailableException if the end was not reached by the deadline
     */
    void readToEnd(long deadlineNanos, Consumer<EventRecord> consumerOfEvents) {
        long end = endOf(consumer);
        // A commit has returned a moment before readers may see it.
        while (end < next && System.nanoTime() < deadlineNanos) {
            end = endOf(consumer);
        }
        if (end < next && uncommittedEnd() >= next) {
            throw new KafkaUnavailableException(
                    "see %s committed to offset %d".formatted(partition, next), timeout, null);
        }
        if (end < next) {
            throw new IllegalStateException(
                    "partition %s ends at %d, but %d was read before: the ledger was deleted or replaced; restart to use the new one"
                            .formatted(partition, end, next));
        }
        long started = System.nanoTime();
        while (consumer.position(partition) < end) {
            if (System.nanoTime() > deadlineNanos) {
                throw new KafkaUnavailableException(
                        "read %s to offset %d".formatted(partition, end),
                        Duration.ofNanos(System.nanoTime() - started),
                        null);
            }
            for (ConsumerRecord<byte[], byte[]> kafkaRecord : consumer.poll(Duration.ofMillis(100))) {
                take(kafkaRecord, consumerOfEvents);
            }
        }
        next = Math.max(next, consumer.position(partition));
    }

    /**
     * Where the partition ends, transactions included that are not ended or whose end is on its way to the readers.
     * Every commit that has returned by now lies below.
     */
    long uncommittedEnd() {
        KafkaConsumer<byte[], byte[]> known = uncommitted;
        if (known == null) {
            known = connection.consumer(timeout, "read_uncommitted");
            known.assign(List.of(partition));
            uncommitted = known;
        }
        return endOf(known);
    }

    /** Whether everything below the offset was read. */
    boolean hasRead(long offset) {
        return consumer.position(partition) >= offset;
    }

    private long endOf(KafkaConsumer<byte[], byte[]> as) {
        return as.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    /** The state of an environment as far as was read. */
    EnvironmentState state(String environment) {
        return environments.getOrDefault(environment, EnvironmentState.empty(environment));
    }

    /** Why an environment could not be read to the end; null if it could. */
    @Nullable
    RuntimeException stopped(String environment) {
        return stopped.get(environment);
    }

    /** Takes in an event that this process itself appended, so that it is not read again. */
    EventRecord appended(Recorded recorded, long offset) {
        EventRecord folded = fold(recorded, offset);
        next = offset + 1;
        consumer.seek(partition, next);
        return folded;
    }

    private void take(ConsumerRecord<byte[], byte[]> kafkaRecord, Consumer<EventRecord> consumerOfEvents) {
        String environment = EventCodec.environmentOf(kafkaRecord.key());
        if (stopped.containsKey(environment)) {
            return;
        }
        EventRecord event;
        try {
            event = fold(
                    EventCodec.decode(format.read(kafkaRecord.value()), Instant.ofEpochMilli(kafkaRecord.timestamp())),
                    kafkaRecord.offset());
        } catch (KafkaUnavailableException e) {
            consumer.seek(partition, kafkaRecord.offset()); // nothing is said of the record: it is read again
            throw e;
        } catch (RuntimeException e) {
            stopped.put(
                    environment,
                    new StoppedException(
                            environment, kafkaRecord.topic(), kafkaRecord.partition(), kafkaRecord.offset(), e));
            return;
        }
        consumerOfEvents.accept(event);
    }

    private EventRecord fold(Recorded recorded, long offset) {
        EnvironmentState before = state(recorded.event().environment());
        EnvironmentState after = Fold.apply(before, recorded);
        environments.put(after.environment(), after);
        return new EventRecord(recorded.at(after.ledgerTime()), before, after, offset);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
        if (uncommitted != null) {
            uncommitted.close(CloseOptions.timeout(Duration.ZERO));
        }
    }
}
