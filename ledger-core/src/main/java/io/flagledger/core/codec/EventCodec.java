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
import org.apache.avro.message.BinaryMessageEncoder;

/**
 * Events as Avro's single-object encoding: {@code C3 01}, the schema's fingerprint in 8 bytes, and the body. Needs no
 * registry; any number of threads may use it.
 */
public final class EventCodec {
    private static final BinaryMessageEncoder<LedgerEvent> ENCODER = LedgerEvent.getEncoder();
    private static final SingleObjectReader<LedgerEvent> READER =
            new SingleObjectReader<>("ledger-event", LedgerEvent.getClassSchema());

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
     * @throws UndecodableException if this version cannot read it
     */
    public static Recorded decode(byte[] value, Instant appendedAt) {
        try {
            return EventWire.fromWire(READER.read(value), digest(value), appendedAt);
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
