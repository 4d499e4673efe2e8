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
 * Reads one partition of the events topic from its start, as often as asked and as far as asked, and folds each environment
 * in it. For one thread.
 */
final class PartitionReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    /** After how long a broker that has nothing to tell, though there is something, is taken for one that was deposed. */
    private static final long SILENCE_NANOS = 1_000_000_000;

    private final KafkaConnection connection;
    private final Duration timeout;
    private final TopicPartition partition;
    private final TopicFormat format;
    private final Map<String, EnvironmentState> environments = new HashMap<>();
    private final Map<String, RuntimeException> stopped = new HashMap<>();
    private KafkaConsumer<byte[], byte[]> consumer;
    private long known;

    PartitionReader(KafkaConnection connection, TopicPartition partition, Duration timeout) {
        this.connection = connection;
        this.partition = partition;
        this.timeout = timeout;
        this.format = connection.format(partition.topic(), WireSchema.EVENT);
        this.consumer = consumer(0);
    }

    private KafkaConsumer<byte[], byte[]> consumer(long from) {
        KafkaConsumer<byte[], byte[]> one = connection.consumer(timeout);
        one.assign(List.of(partition));
        one.seek(partition, from);
        return one;
    }

    /**
     * Reads on to the end of what is committed, as the broker sees it that is taken for the leader. Where that one was deposed
     * and does not know it yet, there is more: {@link #readTo} misses nothing.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
     * @throws KafkaUnavailableException if the end was not reached by the deadline
     */
    void readToEnd(long deadlineNanos, Consumer<EventRecord> consumerOfEvents) {
        read(consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L), deadlineNanos, consumerOfEvents);
    }

    /**
     * Reads all that lies below an offset at which the caller has laid a record, so that nothing can come to lie there any
     * more.
     *
     * @return whether there was a record that was not known
     * @throws KafkaUnavailableException if the offset was not reached by the deadline
     * @throws IllegalStateException if the partition is not the one that was read so far
     */
    boolean readTo(long offset, long deadlineNanos, Consumer<EventRecord> consumerOfEvents) {
        if (offset < known) {
            throw new IllegalStateException(
                    "partition %s goes on at %d, but was read up to %d before: the ledger was deleted or replaced; restart to use the new one"
                            .formatted(partition, offset, known));
        }
        return offset > known && read(offset, deadlineNanos, consumerOfEvents);
    }

    private boolean read(long end, long deadlineNanos, Consumer<EventRecord> consumerOfEvents) {
        boolean anything = false;
        long started = System.nanoTime();
        long heardAt = started;
        long position = consumer.position(partition);
        while (position < end) {
            long now = System.nanoTime();
            if (now > deadlineNanos) {
                throw new KafkaUnavailableException(
                        "read %s to offset %d".formatted(partition, end), Duration.ofNanos(now - started), null);
            }
            if (now - heardAt > SILENCE_NANOS) {
                consumer.close(CloseOptions.timeout(Duration.ZERO));
                consumer = consumer(position);
                heardAt = now;
            }
            for (ConsumerRecord<byte[], byte[]> kafkaRecord : consumer.poll(POLL)) {
                anything = true;
                take(kafkaRecord, consumerOfEvents);
            }
            if (consumer.position(partition) > position) {
                position = consumer.position(partition);
                heardAt = System.nanoTime();
            }
        }
        known = Math.max(known, position);
        return anything;
    }

    /** Whether everything below the offset was read. */
    boolean hasRead(long offset) {
        return consumer.position(partition) >= offset;
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
        consumer.seek(partition, offset + 1);
        return folded;
    }

    /** Takes note that all below the offset is known, though readers may not see it yet. */
    void setKnownTo(long offset) {
        known = offset;
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
    }
}
