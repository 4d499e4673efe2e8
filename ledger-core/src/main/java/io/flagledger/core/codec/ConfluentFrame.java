package io.flagledger.core.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The frame of Confluent's serializers: {@code 00}, the schema's id in a registry in 4 bytes, and the body. Which schema an
 * id stands for is for others to know; here a frame is put in the place of another, and the body stays as it is.
 */
public final class ConfluentFrame {
    static final int HEADER_LENGTH = 1 + Integer.BYTES;

    private ConfluentFrame() {}

    /** Whether a value starts as this frame does. */
    public static boolean isOn(byte[] value) {
        return value.length >= HEADER_LENGTH && value[0] == 0;
    }

    /** The id of the schema that a value in this frame was written with. */
    public static int schemaId(byte[] framed) {
        return ByteBuffer.wrap(framed).getInt(1);
    }

    /** A value of a codec in this frame. */
    public static byte[] write(byte[] value, int schemaId) {
        int body = value.length - SingleObjectReader.HEADER_LENGTH;
        return ByteBuffer.allocate(HEADER_LENGTH + body)
                .put((byte) 0)
                .putInt(schemaId)
                .put(value, SingleObjectReader.HEADER_LENGTH, body)
                .array();
    }

    /**
     * A value in this frame as codecs read it.
     *
     * @param fingerprint of the schema that its id stands for
     */
    public static byte[] read(byte[] framed, long fingerprint) {
        int body = framed.length - HEADER_LENGTH;
        return ByteBuffer.allocate(SingleObjectReader.HEADER_LENGTH + body)
                .putShort(SingleObjectReader.MARKER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(fingerprint)
                .put(framed, HEADER_LENGTH, body)
                .array();
    }
}
