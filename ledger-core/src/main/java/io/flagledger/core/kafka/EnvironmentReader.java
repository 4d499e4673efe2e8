package io.flagledger.core.kafka;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.WireSchema;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.Fold;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one environment out of its partition and folds it on the way, so that each gap, each event out of order and each
 * broken link of the digest chain stops it. Leaves the partition's other environments alone. For one thread.
 */
final class EnvironmentReader implements AutoCloseable {
    /** How long to wait for commits that have returned to their writers and that readers may not see yet. */
    private static final Duration VISIBILITY = Duration.ofMillis(500);

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConnection connection;
    private final TopicPartition partition;
    private final Reading reading;
    private final Duration patience;
    private final TopicFormat format;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private EnvironmentState state;
    private long seen;
    private boolean enough;
    private @Nullable StoppedException stopped;
    private long heardAt = System.nanoTime();

    /**
     * @param patience how long Kafka may stay silent
     */
    EnvironmentReader(
            KafkaConnection connection,
            TopicPartition partition,
            String environment,
            Reading reading,
            Duration patience) {
        this.connection = connection;
        this.partition = partition;
        this.reading = reading;
        this.patience = patience;
        this.state = reading.start(environment);
        this.enough = reading.last() <= state.sequence();
        this.format = connection.format(partition.topic(), WireSchema.EVENT);
        this.consumer = connection.consumer(patience);
        consumer.assign(List.of(partition));
        consumer.seek(partition, reading.offset());
    }

    /**
     * Reads on to the end as it is now, with everything in it whose append has returned by now.
     *
     * @throws StoppedException at a record that can't be read or can't follow, once the events before were handed out
     * @throws KafkaUnavailableException if Kafka stays silent
     * @throws org.apache.kafka.common.KafkaException if Kafka refuses
     */
    void readToEnd(EventVisitor visitor) {
        if (enough) {
            return;
        }
        long end = uncommittedEnd();
        long begin = position();
        if (end < begin) {
            throw gone(end);
        }
        long committedAt = 0;
        while (!enough && position() < end) {
            if (poll(POLL, visitor)) {
                reading.progress().read(Math.min(position(), end) - begin, end - begin);
                continue;
            }
            // Nothing came: either the rest is not committed yet, or Kafka is silent.
            if (position() < committedEnd()) {
                refuseSilence();
            } else if (committedAt == 0) {
                committedAt = System.nanoTime();
            } else if (System.nanoTime() - committedAt > VISIBILITY.toNanos()) {
                break; // a transaction stays open: what it holds has been promised to nobody
            }
        }
        if (stopped != null) {
            throw stopped;
        }
        EnvironmentState base = reading.base();
        if (base != null && reading.offset() == 0 && seen < base.sequence()) {
            throw gone(end);
        }
        reading.progress().read(end - begin, end - begin);
    }

    /**
     * Hands out what comes within this time, and returns as soon as anything has; false if nothing has.
     *
     * @throws StoppedException at a record that can't be read or can't follow, once the events before were handed out
     */
    boolean poll(Duration longest, EventVisitor visitor) {
        if (stopped != null) {
            throw stopped;
        }
        long before = position();
        Iterator<ConsumerRecord<byte[], byte[]>> records;
        try {
            records = consumer.poll(longest).iterator();
        } catch (InvalidOffsetException e) {
            throw stoppedAt(before, e);
        }
        boolean handedOut = false;
        while (!enough && records.hasNext()) {
            ConsumerRecord<byte[], byte[]> next = records.next();
            if (!EventCodec.environmentOf(next.key()).equals(state.environment()) || isInBase(next.key())) {
                continue;
            }
            EventRecord event;
            try {
                event = fold(next);
            } catch (KafkaUnavailableException e) {
                consumer.seek(partition, next.offset()); // nothing is said of the record: it is read again
                if (handedOut) {
                    break;
                }
                throw e;
            } catch (RuntimeException e) {
                stopped = stoppedAt(next.offset(), e);
                if (handedOut) {
                    break; // those before it are taken in first; the next call tells
                }
                throw stopped;
            }
            handedOut = true;
            boolean goesOn = !reading.wants(event) || visitor.visit(event);
            enough = !goesOn || event.sequence() >= reading.last();
        }
        boolean moved = position() > before;
        if (moved) {
            heardAt = System.nanoTime();
        }
        return moved;
    }

    /**
     * Insists that Kafka still answers, if nothing has been heard of it for long.
     *
     * @throws KafkaUnavailableException if it does not
     */
    void refuseSilence() {
        long silent = System.nanoTime() - heardAt;
        if (silent > patience.toNanos()) {
            try {
                if (committedEnd() <= position()) {
                    heardAt = System.nanoTime(); // it answers, and there is nothing to tell
                    return;
                }
            } catch (TimeoutException e) {
                throw unavailable(silent, e);
            }
            throw unavailable(silent, null);
        }
    }

    EnvironmentState state() {
        return state;
    }

    /** Whether the last event that is wanted was handed out, or the visitor has seen enough. */
    boolean hasEnough() {
        return enough;
    }

    /** Lets a {@link #poll} under way, or the next one, end at once with a WakeupException; from any thread. */
    void wakeUp() {
        consumer.wakeup();
    }

    private EventRecord fold(ConsumerRecord<byte[], byte[]> next) {
        if (next.value() == null) {
            throw new IllegalStateException("the event is deleted: a record without a value stands in its place");
        }
        Recorded recorded = EventCodec.decode(format.read(next.value()), Instant.ofEpochMilli(next.timestamp()));
        EnvironmentState before = state;
        state = Fold.apply(before, recorded);
        return new EventRecord(recorded.at(state.ledgerTime()), before, state, next.offset());
    }

    /** Whether the key is that of an event that the base state was made of. */
    private boolean isInBase(byte[] key) {
        EnvironmentState base = reading.base();
        if (base == null || seen >= base.sequence()) {
            return false;
        }
        String text = new String(key, StandardCharsets.UTF_8);
        try {
            long sequence = Long.parseLong(text.substring(text.indexOf('/') + 1));
            seen = Math.max(seen, sequence);
            return sequence <= base.sequence();
        } catch (NumberFormatException e) {
            return false; // the fold says what is wrong with it
        }
    }

    private long position() {
        return consumer.position(partition);
    }

    private long committedEnd() {
        return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    /** Where the partition ends, with all transactions, so with every commit that has returned to its writer. */
    private long uncommittedEnd() {
        try (KafkaConsumer<byte[], byte[]> all = connection.consumer(patience, "read_uncommitted")) {
            all.assign(List.of(partition)); // or Kafka's client warns that it is told of a partition that it has not
            return all.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        }
    }

    private StoppedException gone(long end) {
        return stoppedAt(
                end,
                new IllegalStateException(
                        "it ends here, before the state to go on from, which is after event %d: the ledger was deleted or replaced"
                                .formatted(state.sequence())));
    }

    private StoppedException stoppedAt(long offset, Throwable cause) {
        return new StoppedException(state.environment(), partition.topic(), partition.partition(), offset, cause);
    }

    private KafkaUnavailableException unavailable(long silent, @Nullable Throwable cause) {
        return new KafkaUnavailableException(
                "read the ledger of %s at %s behind event %d"
                        .formatted(state.environment(), connection, state.sequence()),
                Duration.ofNanos(silent),
                cause);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
