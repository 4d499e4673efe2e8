package io.flagledger.core.kafka;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Where Kafka is and how to talk to it.
 *
 * @param bootstrapServers {@code host:port}, several joined by commas
 * @param properties any Kafka client property, such as those of a secured cluster; never printed
 */
public record KafkaConnection(String bootstrapServers, Map<String, String> properties) {
    private static final int MAX_POLL_RECORDS = 5_000;

    public KafkaConnection {
        requireNonNull(bootstrapServers, "bootstrapServers");
        properties = Map.copyOf(properties);
    }

    /** A cluster that asks for nothing but its address. */
    public static KafkaConnection of(String bootstrapServers) {
        return new KafkaConnection(bootstrapServers, Map.of());
    }

    /** The client's properties: what the user set, and over it what this client cannot do without. */
    public Map<String, Object> with(Map<String, ?> needed) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("bootstrap.servers", bootstrapServers);
        all.putAll(needed);
        return all;
    }

    /**
     * A consumer of bytes that is in no group, starts nowhere by itself, and sees what is committed. For one thread, which
     * closes it.
     *
     * @param timeout how long a call may take
     */
    public KafkaConsumer<byte[], byte[]> consumer(Duration timeout) {
        return consumer(timeout, "read_committed");
    }

    KafkaConsumer<byte[], byte[]> consumer(Duration timeout, String isolation) {
        return new KafkaConsumer<>(
                with(Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolation,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) timeout.toMillis(),
                        ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        (int) timeout.toMillis(),
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        MAX_POLL_RECORDS)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** The address alone: properties may hold secrets. */
    @Override
    public String toString() {
        return bootstrapServers;
    }
}
