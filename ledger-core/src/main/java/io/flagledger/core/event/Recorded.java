package io.flagledger.core.event;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * An event as it lies in the ledger.
 *
 * @param previousDigest what the event says its predecessor's digest is
 * @param digest of this event's bytes
 * @param appendedAt the broker's append time. Ledger time is made of it by the fold, which never lets it go back.
 */
public record Recorded(Event event, Digest previousDigest, Digest digest, Instant appendedAt) {
    public Recorded {
        requireNonNull(event, "event");
        requireNonNull(previousDigest, "previousDigest");
        requireNonNull(digest, "digest");
        requireNonNull(appendedAt, "appendedAt");
    }

    /** The same event with its ledger time in place of the append time that it was made of. */
    public Recorded at(Instant ledgerTime) {
        return new Recorded(event, previousDigest, digest, ledgerTime);
    }
}
