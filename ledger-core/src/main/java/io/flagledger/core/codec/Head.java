package io.flagledger.core.codec;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Digest;
import java.time.Instant;

/**
 * How far the state topic has brought an environment. Comes after the flags that it goes with, in the same Kafka
 * transaction, so whoever reads a head has read a consistent cut.
 *
 * @param ledgerId Kafka's topic id of the events topic; a head of another ledger is foreign
 * @param digest of the event with this sequence
 * @param eventOffset that event's offset in its partition of the events topic
 * @param flags how many flags the environment has, archived ones included
 */
public record Head(
        String environment,
        String ledgerId,
        long sequence,
        Digest digest,
        Instant ledgerTime,
        long eventOffset,
        int flags)
        implements StateEntry {
    public Head {
        requireNonNull(environment, "environment");
        requireNonNull(ledgerId, "ledgerId");
        requireNonNull(digest, "digest");
        requireNonNull(ledgerTime, "ledgerTime");
    }
}
