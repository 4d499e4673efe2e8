package io.flagledger.core.kafka;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.codec.ConfluentFrame;
import io.flagledger.core.codec.UndecodableException;
import io.flagledger.core.codec.WireSchema;
import io.flagledger.core.registry.RegistryRefusedException;
import io.flagledger.core.registry.RegistryUnavailableException;
import io.flagledger.core.registry.SchemaRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The border between a topic and the codecs: brings what lies in the topic into the frame that codecs read, and what codecs
 * write into the frame that the topic is to have. Bodies stay as they are, so digests do. Any number of threads may use it.
 */
public final class TopicFormat {
    private final String topic;
    private final WireSchema schema;
    private final @Nullable SchemaRegistry registry;
    private final boolean framesConfluent;
    private final @Nullable NamedSerializer serializer;
    private final @Nullable NamedDeserializer deserializer;
    private final Map<Integer, Long> fingerprints = new ConcurrentHashMap<>();

    TopicFormat(
            String topic,
            WireSchema schema,
            @Nullable SchemaRegistry registry,
            boolean framesConfluent,
            @Nullable NamedSerializer serializer,
            @Nullable NamedDeserializer deserializer) {
        this.topic = topic;
        this.schema = schema;
        this.registry = registry;
        this.framesConfluent = framesConfluent;
        this.serializer = serializer;
        this.deserializer = deserializer;
    }

    /**
     * A value of the topic, as codecs read it.
     *
     * @param value null for a record that was deleted by a tombstone
     * @throws UndecodableException if it is of no schema that this version knows
     * @throws KafkaUnavailableException if nobody could be asked which schema it is of; nothing is said of the value then
     */
    public byte[] read(byte @Nullable [] value) {
        if (value == null) {
            throw UndecodableException.deleted(schema == WireSchema.EVENT ? "an event" : "a state record");
        }
        if (!ConfluentFrame.isOn(value) || (deserializer == null && registry == null)) {
            return value;
        }
        int id = ConfluentFrame.schemaId(value);
        Long known = fingerprints.get(id);
        if (known == null) {
            known = deserializer == null ? fetched(id) : deserializer.fingerprint(topic, schema, value);
            fingerprints.put(id, known); // an id never changes its meaning
        }
        return ConfluentFrame.read(value, known);
    }

    /**
     * A value of a codec, as the topic is to have it.
     *
     * @throws KafkaUnavailableException if the schema can't be registered, or the serializer that was named can't be used
     */
    public byte[] write(byte[] value) {
        if (serializer != null) {
            return serializer.write(topic, schema, value);
        }
        SchemaRegistry known = registry;
        if (known == null || !framesConfluent) {
            return value;
        }
        String subject = topic + "-value";
        int id = asked("find the schema of " + subject, known, () -> known.id(subject, schema.json()));
        return ConfluentFrame.write(value, id);
    }

    private long fetched(int id) {
        SchemaRegistry known = requireNonNull(registry);
        String json = asked(
                        "fetch the schema with the id %d, of %s,".formatted(id, topic), known, () -> known.schema(id))
                .orElseThrow(() -> new UndecodableException(
                        "a value of %s is in Confluent's frame, of the schema with the id %d, but the Schema Registry at %s knows no such id"
                                .formatted(topic, id, known),
                        null));
        try {
            return schema.fingerprintOf(json);
        } catch (UndecodableException e) {
            throw new UndecodableException(
                    "a value of %s can't be read, whose schema has the id %d in the Schema Registry at %s: %s"
                            .formatted(topic, id, known, e.getMessage()),
                    e);
        }
    }

    private static <T> T asked(String what, SchemaRegistry registry, Supplier<T> question) {
        String tried = "%s in the Schema Registry at %s".formatted(what, registry);
        try {
            return question.get();
        } catch (RegistryUnavailableException e) {
            throw new KafkaUnavailableException(tried, e.took(), e);
        } catch (RegistryRefusedException e) {
            throw KafkaUnavailableException.refused(tried, "it", e);
        }
    }
}
