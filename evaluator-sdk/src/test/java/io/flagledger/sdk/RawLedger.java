package io.flagledger.sdk;

import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.TopicSetup;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A ledger whose events were made elsewhere, and an evaluator that follows it. */
final class RawLedger implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String environment;
    private final LedgerTopics topics;
    private final KafkaProducer<byte[], byte[]> producer;
    private final FlagLedger flags;

    RawLedger(String bootstrapServers, String prefix, String environment) {
        this.environment = environment;
        KafkaConnection connection = KafkaConnection.of(bootstrapServers);
        topics = new LedgerTopics(prefix + ".events", prefix + ".state", 1);
        TopicSetup.ensure(connection, topics, PATIENCE);
        producer = new KafkaProducer<>(connection.with(Map.of()), new ByteArraySerializer(), new ByteArraySerializer());
        flags = FlagLedger.connect(FlagLedgerConfig.of(connection, environment).withTopics(topics));
    }

    void send(byte[] key, byte[] value) {
        try {
            producer.send(new ProducerRecord<>(topics.events(), topics.partitionOf(environment), key, value))
                    .get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The evaluator, once it stands there. */
    FlagLedger at(long sequence) {
        try {
            flags.awaitReady(PATIENCE);
            if (!flags.awaitSequence(sequence, PATIENCE) || !flags.awaitCurrent(PATIENCE)) {
                throw new AssertionError("not at %d but %s".formatted(sequence, flags.status()));
            }
            return flags;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        flags.close();
        producer.close();
    }
}
