package io.flagledger.core.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

    private static final short MARKER = (short) 0xC301;

    private final long fingerprint;
    private final DatumReader<T> reader;

    SingleObjectReader(Schema schema) {
        this.fingerprint = SchemaNormalization.parsingFingerprint64(schema);
        this.reader = new SpecificDatumReader<>(schema, schema, WireModel.INSTANCE);
    }

    T read(byte[] value) throws IOException {
        if (value.length < HEADER_LENGTH || ByteBuffer.wrap(value).getShort() != MARKER) {
            throw new IOException("it does not start as Avro's single-object encoding does");
        }
        long written = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong(HEADER_LENGTH - Long.BYTES);
        if (written != fingerprint) {
            throw new IOException("its schema has the fingerprint %016x, but this version knows only %016x"
                    .formatted(written, fingerprint));
        }
        BinaryDecoder body =
                DecoderFactory.get().binaryDecoder(value, HEADER_LENGTH, value.length - HEADER_LENGTH, null);
        T read = reader.read(null, body);
        if (!body.isEnd()) {
            throw new IOException("it goes on after its end");
        }
        return read;
    }
}
