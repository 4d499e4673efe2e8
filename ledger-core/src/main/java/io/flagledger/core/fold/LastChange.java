package io.flagledger.core.fold;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Actor;
import java.time.Instant;

/**
 * What last happened to a flag.
 *
 * @param revision how many events have changed the flag
 * @param sequence of the last of them
 * @param at its ledger time
 */
public record LastChange(long revision, long sequence, Instant at, Actor by, String reason) {
    public LastChange {
        requireNonNull(at, "at");
        requireNonNull(by, "by");
        requireNonNull(reason, "reason");
    }
}
