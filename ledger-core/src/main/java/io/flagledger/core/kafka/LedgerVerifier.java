package io.flagledger.core.kafka;

import io.flagledger.core.codec.WireSchema;
import io.flagledger.core.proof.Checkpoints;
import io.flagledger.core.proof.LedgerProof;
import io.flagledger.core.proof.RawRecord;
import io.flagledger.core.proof.Verification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Proves a ledger, or finds where it is broken, from what the broker gives out and nothing else. Any number of threads may
 * use it.
 */
public final class LedgerVerifier {
    /*
     * A reader of its own, beside PartitionReader: that one gives out events and stops where it can't, which is what
     * everybody needs who wants flags. A proof wants what the other hides: tombstones, keys, records that are left after
     * a gap.
     */
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConnection connection;
    private final LedgerTopics topics;
    private final Duration patience;

    /**
     * @param patience how long Kafka may take for its next answer; a long ledger may take longer than that
     */
    public LedgerVerifier(KafkaConnection connection, LedgerTopics topics, Duration patience) {
        this.connection = connection;
        this.topics = topics;
        this.patience = patience;
    }

    /**
     * Walks an environment's ledger from its start to what is its end by now.
     *
     * @param checkpoints what it is held against, whose signatures were checked
     * @return nothing if there is no ledger
     * @throws WrongTopicException if a topic is not what a ledger needs
     * @throws KafkaUnavailableException if Kafka did not answer in time
     */
    public Optional<Outcome> verify(String environment, Checkpoints checkpoints, Progress progress) {
        long started = System.nanoTime();
        Optional<String> events = TopicSetup.findEvents(connection, topics, patience);
        if (events.isEmpty()) {
            return Optional.empty();
        }
        String ledger = events.get();
        TopicPartition partition = new TopicPartition(topics.events(), topics.partitionOf(environment));
        LedgerProof proof = new LedgerProof(
                environment, ledger, checkpoints, connection.format(partition.topic(), WireSchema.EVENT)::read);
        try (KafkaConsumer<byte[], byte[]> consumer = connection.consumer(patience)) {
            try {
                walk(consumer, partition, proof, progress);
            } finally {
                consumer.close(CloseOptions.timeout(Duration.ZERO));
            }
        } catch (KafkaException e) {
            throw unavailable(environment, started, e);
        }
        return Optional.of(new Outcome(proof.end(), ledger, partition, Duration.ofNanos(System.nanoTime() - started)));
    }

    private void walk(
            KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, LedgerProof proof, Progress progress) {
        consumer.assign(List.of(partition));
        // Not 0: where the start was deleted, the proof is to say so, and not the consumer that there is no offset 0.
        long start = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        consumer.seek(partition, start);
        long position = start;
        long moved = System.nanoTime();
        while (position < end && !proof.isSettled()) {
            for (ConsumerRecord<byte[], byte[]> taken : consumer.poll(POLL)) {
                proof.take(new RawRecord(
                        taken.key(), taken.value(), Instant.ofEpochMilli(taken.timestamp()), taken.offset()));
            }
            long now = System.nanoTime();
            if (consumer.position(partition) > position) {
                position = consumer.position(partition);
                moved = now;
                progress.read(position - start, end - start);
            } else if (now - moved > patience.toNanos()) {
                throw unavailable(
                        "offset %d of %s, of which the end is %d".formatted(position, partition, end), moved, null);
            }
        }
    }

    private KafkaUnavailableException unavailable(String what, long since, @Nullable Throwable cause) {
        return new KafkaUnavailableException(
                "verify %s at %s".formatted(what, connection), Duration.ofNanos(System.nanoTime() - since), cause);
    }

    /**
     * What a walk found.
     *
     * @param ledgerId Kafka's id of the events topic
     * @param partition where the environment lies
     */
    public record Outcome(Verification verification, String ledgerId, TopicPartition partition, Duration took) {}
}
