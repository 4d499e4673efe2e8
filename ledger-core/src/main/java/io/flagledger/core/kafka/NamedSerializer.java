package io.flagledger.core.kafka;

import io.flagledger.core.codec.AvroRecords;
import io.flagledger.core.codec.WireSchema;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;

/** A serializer class that the properties name. What it writes is checked, since others have to read it without it. */
final class NamedSerializer implements AutoCloseable {
    private final NamedClass<Serializer<Object>> named;

    NamedSerializer(String className, Map<String, String> properties) {
        this.named =
                new NamedClass<>("value.serializer", className, Serializer.class, properties, Serializer::configure);
    }

    byte[] write(String topic, WireSchema schema, byte[] value) {
        return named.use("write to " + topic, serializer -> {
            byte[] written = serializer.serialize(topic, new RecordHeaders(), AvroRecords.record(schema, value));
            try {
                AvroRecords.check(value, written);
            } catch (IllegalArgumentException e) {
                throw named.useless("write to " + topic, e);
            }
            return written;
        });
    }

    @Override
    public void close() {
        named.close(Serializer::close);
    }
}
