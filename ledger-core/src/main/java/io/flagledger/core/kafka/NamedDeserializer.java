package io.flagledger.core.kafka;

import io.flagledger.core.codec.AvroRecords;
import io.flagledger.core.codec.WireSchema;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;

/** A deserializer class that the properties name: somebody else who can tell which schema an id stands for. */
final class NamedDeserializer implements AutoCloseable {
    private final NamedClass<Deserializer<Object>> named;

    NamedDeserializer(String className, Map<String, String> properties) {
        this.named = new NamedClass<>(
                "value.deserializer", className, Deserializer.class, properties, Deserializer::configure);
    }

    long fingerprint(String topic, WireSchema schema, byte[] framed) {
        Object read = named.use(
                "read " + topic, deserializer -> deserializer.deserialize(topic, new RecordHeaders(), framed));
        return AvroRecords.fingerprint(schema, framed, read);
    }

    @Override
    public void close() {
        named.close(Deserializer::close);
    }
}
