package io.flagledger.core.codec;

import io.flagledger.core.event.Digest;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.wire.LedgerEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.message.BinaryMessageEncoder;
import org.jspecify.annotations.Nullable;

/**
 * Events as Avro's single-object encoding: {@code C3 01}, the schema's fingerprint in 8 bytes, and the body. Needs no
 * registry: a value that lies in its topic in another frame is brought into this one where it is read. Any number of
 * threads may use it.
 */
public final class EventCodec {
    private static final BinaryMessageEncoder<LedgerEvent> ENCODER = LedgerEvent.getEncoder();
    private static final SingleObjectReader<LedgerEvent> READER = new SingleObjectReader<>(WireSchema.EVENT);

    private static final int MAX_LONG_DIGITS = 19;

    private EventCodec() {}

    /** The key of the event's Kafka record: unique, so that compaction removes nothing. */
    public static byte[] key(String environment, long sequence) {
        return (environment + "/" + sequence).getBytes(StandardCharsets.UTF_8);
    }

    /** The environment that an event with this record key belongs to. */
    public static String environmentOf(byte[] key) {
        String text = new String(key, StandardCharsets.UTF_8);
        int slash = text.indexOf('/');
        return slash < 0 ? text : text.substring(0, slash);
    }

    /** The sequence of the event with this record key; 0 if the key names none. */
    public static long sequenceOf(byte[] key) {
        String text = new String(key, StandardCharsets.UTF_8);
        String sequence = text.substring(text.indexOf('/') + 1);
        return sequence.length() < MAX_LONG_DIGITS
                        && !sequence.isEmpty()
                        && sequence.chars().allMatch(c -> c >= '0' && c <= '9')
                ? Long.parseLong(sequence)
                : 0;
    }

    /** The newest schema of events that this version reads, as the fingerprint that they carry. */
    public static long schemaFingerprint() {
        return SchemaNormalization.parsingFingerprint64(LedgerEvent.getClassSchema());
    }

    /** The event as bytes, chained to its predecessor. */
    public static EncodedEvent encode(Event event, Digest previousDigest) {
        try {
            ByteBuffer buffer = ENCODER.encode(EventWire.toWire(event, previousDigest));
            byte[] value = new byte[buffer.remaining()];
            buffer.get(value);
            return new EncodedEvent(value, digest(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The event that these bytes hold.
     *
     * @param value null for a record that was deleted by a tombstone
     * @throws UndecodableException if this version cannot read it
     */
    public static Recorded decode(byte @Nullable [] value, Instant appendedAt) {
        if (value == null) {
            throw UndecodableException.deleted("an event");
        }
        try {
            return EventWire.fromWire(READER.read(value), digest(value), appendedAt);
        } catch (UndecodableException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new UndecodableException(
                    "this version of Flag Ledger can't read an event of %d bytes, which is damaged or was written by a newer version: %s"
                            .formatted(value.length, e.getMessage()),
                    e);
        }
    }

    private static Digest digest(byte[] value) {
        return Digest.of(value, SingleObjectReader.HEADER_LENGTH, value.length - SingleObjectReader.HEADER_LENGTH);
    }
}
