package io.flagledger.core.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;

/**
 * Reads Avro's single-object encoding: {@code C3 01}, the schema's fingerprint in 8 bytes, and the body. Stricter than
 * Avro's own reader in two ways: the body must end where the bytes do, and since it is read from an array, no length
 * that it names can make room for more than is there.
 */
final class SingleObjectReader<T> {
    /** How many bytes stand before the Avro body. */
    static final int HEADER_LENGTH = 10;

    static final short MARKER = (short) 0xC301;

    private final WireSchema schema;
    private final Map<Long, DatumReader<T>> readers = new ConcurrentHashMap<>();

    SingleObjectReader(WireSchema schema) {
        this.schema = schema;
        readers.put(SchemaNormalization.parsingFingerprint64(schema.current()), reader(schema.current()));
    }

    /** Whether both start with the marker and the same fingerprint. */
    static boolean sameSchema(byte[] one, byte[] other) {
        return one.length >= HEADER_LENGTH
                && other.length >= HEADER_LENGTH
                && ByteBuffer.wrap(one).getShort() == MARKER
                && Arrays.equals(one, 0, HEADER_LENGTH, other, 0, HEADER_LENGTH);
    }

    T read(byte[] value) throws IOException {
        if (ConfluentFrame.isOn(value)) {
            throw new UndecodableException(
                    "a value in Confluent's frame, of the schema with the id %d, can't be read without a Schema Registry: set schema.registry.url in the Kafka properties to the one that knows it"
                            .formatted(ConfluentFrame.schemaId(value)),
                    null);
        }
        if (value.length < HEADER_LENGTH || ByteBuffer.wrap(value).getShort() != MARKER) {
            throw new IOException("it does not start as Avro's single-object encoding does");
        }
        long written = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong(HEADER_LENGTH - Long.BYTES);
        DatumReader<T> reader = readers.get(written);
        if (reader == null) {
            reader = older(written);
        }
        BinaryDecoder body =
                DecoderFactory.get().binaryDecoder(value, HEADER_LENGTH, value.length - HEADER_LENGTH, null);
        T read = reader.read(null, body);
        if (!body.isEnd()) {
            throw new IOException("it goes on after its end");
        }
        return read;
    }

    private DatumReader<T> older(long fingerprint) throws IOException {
        Schema writer = schema.schema(fingerprint);
        if (writer == null) {
            throw new IOException(
                    "no version of its schema that is known here has the fingerprint %016x".formatted(fingerprint));
        }
        DatumReader<T> reader = reader(writer);
        readers.put(fingerprint, reader);
        return reader;
    }

    private DatumReader<T> reader(Schema writer) {
        return new SpecificDatumReader<>(writer, schema.current(), WireModel.INSTANCE);
    }
}
