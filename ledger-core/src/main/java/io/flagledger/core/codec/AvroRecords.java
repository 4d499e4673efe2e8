package io.flagledger.core.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** What serializer classes of others take and give: records of Avro, which nobody outside this package knows. */
public final class AvroRecords {
    private AvroRecords() {}

    /** What a value of this version's codec holds, as a {@code GenericRecord}. */
    public static Object record(WireSchema schema, byte[] value) {
        try {
            return new GenericDatumReader<GenericRecord>(schema.newest(), schema.newest(), new GenericData())
                    .read(
                            null,
                            DecoderFactory.get()
                                    .binaryDecoder(
                                            value,
                                            SingleObjectReader.HEADER_LENGTH,
                                            value.length - SingleObjectReader.HEADER_LENGTH,
                                            null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Insists that what a serializer wrote is one of the two frames, and behind it the body of the value that it was given.
     *
     * @throws IllegalArgumentException if it is not
     */
    public static void check(byte[] value, byte @Nullable [] written) {
        int header = written == null
                ? 0
                : ConfluentFrame.isOn(written)
                        ? ConfluentFrame.HEADER_LENGTH
                        : SingleObjectReader.sameSchema(value, written) ? SingleObjectReader.HEADER_LENGTH : 0;
        if (written == null || header == 0) {
            throw new IllegalArgumentException(
                    "what it wrote starts neither as Confluent's frame with an id of 4 bytes nor as Avro's single-object encoding of this schema");
        }
        int own = SingleObjectReader.HEADER_LENGTH;
        if (!Arrays.equals(value, own, value.length, written, header, written.length)) {
            throw new IllegalArgumentException(
                    "behind the first %d bytes of what it wrote stands another body than the schema's plain binary form"
                            .formatted(header));
        }
    }

    /**
     * The fingerprint of the schema that a value in Confluent's frame was written with, from what a deserializer made of it.
     *
     * @param read a {@code GenericRecord} or {@code SpecificRecord}
     * @throws UndecodableException if that is another record than the bytes hold, or of a schema that was never kept
     */
    public static long fingerprint(WireSchema schema, byte[] framed, @Nullable Object read) {
        if (!(read instanceof IndexedRecord found)) {
            throw new UndecodableException(
                    "the deserializer made of it no Avro record but "
                            + (read == null ? "nothing" : read.getClass().getName()),
                    null);
        }
        long fingerprint = schema.fingerprintOf(found.getSchema().toString());
        byte[] body = body(found);
        int header = ConfluentFrame.HEADER_LENGTH;
        if (!Arrays.equals(body, 0, body.length, framed, header, framed.length)) {
            throw new UndecodableException(
                    "the deserializer made another record of it than its bytes hold; it has to read with the writer's schema, not to convert",
                    null);
        }
        return fingerprint;
    }

    private static byte[] body(IndexedRecord found) {
        Schema schema = found.getSchema();
        GenericData model =
                found instanceof SpecificRecord ? SpecificData.getForClass(found.getClass()) : new GenericData();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(body, null);
        try {
            @SuppressWarnings("unchecked") // Avro's own signature is no more exact
            org.apache.avro.io.DatumWriter<Object> writer = model.createDatumWriter(schema);
            writer.write(found, encoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw new UndecodableException("the deserializer made a record of it that breaks its own schema", e);
        }
        return body.toByteArray();
    }
}
