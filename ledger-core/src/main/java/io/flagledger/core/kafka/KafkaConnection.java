package io.flagledger.core.kafka;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.codec.WireSchema;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Where Kafka is and how to talk to it, and in which frame values are written. Any number of threads may use it; closing it
 * matters only where the properties name a serializer class.
 */
public final class KafkaConnection implements AutoCloseable {
    private static final int MAX_POLL_RECORDS = 5_000;

    /** Half of Kafka's own default: a broker that is back is to be heard of soon. */
    private static final String LONGEST_RECONNECT_BACKOFF = "500";

    private static final long LONGEST_REQUEST_MILLIS = 5_000;

    private final String bootstrapServers;
    private final Map<String, String> properties;
    private final Formats formats;

    /**
     * @param bootstrapServers {@code host:port}, several joined by commas
     * @param properties any Kafka client property, such as those of a secured cluster, and those of a Schema Registry, under
     *     the names that Confluent's clients know; never printed
     * @throws IllegalArgumentException if what they say of a Schema Registry or a serializer class can't be followed
     */
    public KafkaConnection(String bootstrapServers, Map<String, String> properties) {
        this.bootstrapServers = requireNonNull(bootstrapServers, "bootstrapServers");
        this.properties = Map.copyOf(properties);
        this.formats = new Formats(this.properties);
    }

    /** A cluster that asks for nothing but its address. */
    public static KafkaConnection of(String bootstrapServers) {
        return new KafkaConnection(bootstrapServers, Map.of());
    }

    /** {@code host:port}, several joined by commas. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** All that was given, secrets included. */
    public Map<String, String> properties() {
        return properties;
    }

    /** The client's properties: what the user set, and over it what this client cannot do without. */
    public Map<String, Object> with(Map<String, ?> needed) {
        Map<String, Object> all = new HashMap<>(properties);
        all.keySet().removeIf(Formats::isOwn); // Kafka's clients would warn that they do not know them
        all.putIfAbsent(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, LONGEST_RECONNECT_BACKOFF);
        all.put("bootstrap.servers", bootstrapServers);
        all.putAll(needed);
        return all;
    }

    /** How values lie in a topic of a ledger. */
    public TopicFormat format(String topic, WireSchema schema) {
        return formats.of(topic, schema);
    }

    /** Whether values in Confluent's frame can be read, for which a Schema Registry or a deserializer class is needed. */
    public boolean readsConfluentFrames() {
        return formats.readConfluent();
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

    /**
     * A client that asks about topics. For any number of threads; to be closed.
     *
     * @param timeout how long a call may take
     */
    public Admin admin(Duration timeout) {
        return Admin.create(with(Map.of(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) Math.min(timeout.toMillis(), LONGEST_REQUEST_MILLIS),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) timeout.toMillis())));
    }

    /** Closes the serializer classes, once nothing reads or writes any more. */
    @Override
    public void close() {
        formats.close();
    }

    /** The address alone: properties may hold secrets. */
    @Override
    public String toString() {
        return bootstrapServers;
    }
}
