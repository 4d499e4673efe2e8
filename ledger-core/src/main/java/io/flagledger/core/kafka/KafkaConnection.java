package io.flagledger.core.kafka;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;

/**
 * Where Kafka is and how to talk to it.
 *
 * @param bootstrapServers {@code host:port}, several joined by commas
 * @param properties any Kafka client property, such as those of a secured cluster; never printed
 */
public record KafkaConnection(String bootstrapServers, Map<String, String> properties) {
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

    /** The address alone: properties may hold secrets. */
    @Override
    public String toString() {
        return bootstrapServers;
    }
}
