package io.flagledger.projector;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.event.Recorded;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;

/** An event in a store: its ledger time in milliseconds, 8 bytes, then the event in the codec's frame, which needs no registry. */
final class StoredEvent {
    private StoredEvent() {}

    static byte[] write(Instant ledgerTime, byte[] value) {
        return ByteBuffer.allocate(Long.BYTES + value.length)
                .putLong(ledgerTime.toEpochMilli())
                .put(value)
                .array();
    }

    /** The event with its ledger time in place of its append time. */
    static Recorded read(byte[] stored) {
        return EventCodec.decode(Arrays.copyOfRange(stored, Long.BYTES, stored.length), ledgerTime(stored));
    }

    static Instant ledgerTime(byte[] stored) {
        return Instant.ofEpochMilli(ByteBuffer.wrap(stored).getLong());
    }
}
