package io.flagledger.core.proof;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record of the events topic as the broker gives it out, of which nothing is believed yet.
 *
 * @param value null where the record is a tombstone
 * @param appendedAt the broker's append time
 * @param offset of the record in its partition
 */
@SuppressWarnings("ArrayRecordComponent") // handed from the consumer to the proof; never compared
public record RawRecord(byte @Nullable [] key, byte @Nullable [] value, Instant appendedAt, long offset) {
    public RawRecord {
        requireNonNull(appendedAt, "appendedAt");
    }
}
