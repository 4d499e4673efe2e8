package io.flagledger.core.proof;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Digest;
import java.time.Instant;

/**
 * As much of a ledger as holds together, from its first event on.
 *
 * @param sequence of the last event in it, and so how many there are; 0 if there is none
 * @param digest of the last event; the genesis digest if there is none
 * @param stateDigest of all flags after it
 * @param flags how many flags there are, archived ones included
 * @param first ledger time of the first event; the epoch if there is none
 * @param last ledger time of the last event; the epoch if there is none
 */
public record Extent(
        String environment, long sequence, Digest digest, Digest stateDigest, int flags, Instant first, Instant last) {
    public Extent {
        requireNonNull(environment, "environment");
        requireNonNull(digest, "digest");
        requireNonNull(stateDigest, "stateDigest");
        requireNonNull(first, "first");
        requireNonNull(last, "last");
    }
}
