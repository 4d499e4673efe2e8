package io.flagledger.core.kafka;

import io.flagledger.core.codec.WireSchema;
import io.flagledger.core.registry.SchemaRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** What the properties say about the frames of values. */
final class Formats implements AutoCloseable {
    private static final String SERIALIZER = "value.serializer";
    private static final String DESERIALIZER = "value.deserializer";
    private static final String FRAME = "flag.ledger.frame";
    private static final String CONFLUENT = "confluent";
    private static final String SINGLE_OBJECT = "single-object";
    private static final Set<String> OWN = Set.of(SERIALIZER, DESERIALIZER, FRAME, "auto.register.schemas");

    /** Of registries' clients: Confluent's names, which ours has taken over, and Apicurio's. */
    private static final List<String> OWN_PREFIXES =
            List.of("schema.registry.", "basic.auth.", "bearer.auth.", "apicurio.");

    private final @Nullable SchemaRegistry registry;
    private final boolean framesConfluent;
    private final @Nullable NamedSerializer serializer;
    private final @Nullable NamedDeserializer deserializer;
    private final Map<String, TopicFormat> topics = new ConcurrentHashMap<>();

    /**
     * @throws IllegalArgumentException if they can't be followed
     */
    Formats(Map<String, String> properties) {
        String named = properties.getOrDefault(SERIALIZER, "").trim();
        this.serializer = named.isEmpty() || named.equals(ByteArraySerializer.class.getName())
                ? null
                : new NamedSerializer(named, properties);
        named = properties.getOrDefault(DESERIALIZER, "").trim();
        this.deserializer = named.isEmpty() || named.equals(ByteArrayDeserializer.class.getName())
                ? null
                : new NamedDeserializer(named, properties);
        // Where both classes are named, nobody asks ours, and the properties may be of a kind that only they know.
        this.registry = serializer != null && deserializer != null
                ? null
                : SchemaRegistry.from(properties).orElse(null);
        String frame = properties.getOrDefault(FRAME, CONFLUENT).trim();
        if (!frame.equals(CONFLUENT) && !frame.equals(SINGLE_OBJECT)) {
            throw new IllegalArgumentException(
                    "%s can be %s and %s, but not %s".formatted(FRAME, CONFLUENT, SINGLE_OBJECT, frame));
        }
        this.framesConfluent = registry != null && frame.equals(CONFLUENT);
    }

    /** Whether a property is for frames, and so nothing for Kafka's own clients. */
    static boolean isOwn(String property) {
        return OWN.contains(property) || OWN_PREFIXES.stream().anyMatch(property::startsWith);
    }

    /** Whether values in Confluent's frame can be read. */
    boolean readConfluent() {
        return registry != null || deserializer != null;
    }

    TopicFormat of(String topic, WireSchema schema) {
        return topics.computeIfAbsent(
                topic, name -> new TopicFormat(name, schema, registry, framesConfluent, serializer, deserializer));
    }

    @Override
    public void close() {
        if (serializer != null) {
            serializer.close();
        }
        if (deserializer != null) {
            deserializer.close();
        }
    }
}
