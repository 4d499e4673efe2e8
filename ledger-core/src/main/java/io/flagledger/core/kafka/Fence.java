package io.flagledger.core.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The right to append to a partition, held until somebody else takes it: a producer under the partition's one transactional
 * id (KIP-98). For one thread.
 */
final class Fence implements AutoCloseable {
    /** The largest value of a record: below the 1 MiB that brokers accept, with room for framing. */
    static final int MAX_VALUE_BYTES = 1_000_000;

    private static final int ROOM_FOR_FRAMING = 24_000;
    private static final int TRANSACTION_TIMEOUT_MS = 10_000;
    private static final int RETRY_BACKOFF_MS = 20;
    private static final List<Class<? extends KafkaException>> LOST =
            List.of(ProducerFencedException.class, InvalidProducerEpochException.class, InvalidTxnStateException.class);

    private final KafkaProducer<byte[], byte[]> producer;

    private Fence(KafkaProducer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /**
     * Takes the right from whoever had it: none of them can commit any more, and what they left open is ended before this
     * returns.
     *
     * @param timeout how long a call may take
     */
    static Fence take(KafkaConnection connection, TopicPartition partition, Duration timeout) {
        int callMillis = (int) timeout.toMillis();
        Fence fence = new Fence(new KafkaProducer<>(
                connection.with(Map.of(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        LedgerTopics.transactionalIdPrefix(partition.topic()) + partition.partition(),
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        TRANSACTION_TIMEOUT_MS,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        timeout.toMillis(),
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        callMillis,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        callMillis,
                        ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
                        RETRY_BACKOFF_MS,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        MAX_VALUE_BYTES + ROOM_FOR_FRAMING,
                        ProducerConfig.LINGER_MS_CONFIG,
                        0)),
                new ByteArraySerializer(),
                new ByteArraySerializer()));
        try {
            fence.producer.initTransactions();
            return fence;
        } catch (RuntimeException e) {
            fence.close();
            throw e;
        }
    }

    /** Whether this is how it shows that somebody else has the right now. */
    static boolean isLost(Throwable thrown) {
        return Causes.areAny(thrown, LOST);
    }

    /**
     * Lays records where nobody sees them before {@link #commit}, and tells where each of them lies, as the partition's
     * leader says together with as many of its followers as make a record safe. One after the other, with nothing between.
     */
    List<RecordMetadata> lay(List<ProducerRecord<byte[], byte[]>> records) {
        producer.beginTransaction();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        records.forEach(one -> sent.add(producer.send(one)));
        return sent.stream().map(Fence::place).toList();
    }

    /** Makes all that was laid visible at once. If it throws, that may have happened or not. */
    void commit() {
        producer.commitTransaction();
    }

    /** Takes back what was laid: nobody will ever see it. */
    void abort() {
        producer.abortTransaction();
    }

    private static RecordMetadata place(Future<RecordMetadata> sent) {
        try {
            return sent.get();
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new KafkaException("Kafka did not take a record: " + cause.getMessage(), cause);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Lets go without a farewell: the next one who takes the right ends what is open. */
    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
