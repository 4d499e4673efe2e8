package io.flagledger.core.kafka;

import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import org.jspecify.annotations.Nullable;

/**
 * An event that was read and folded.
 *
 * @param recorded with its append time made monotonic: its ledger time
 * @param before the environment's state before it
 * @param after the environment's state after it
 * @param offset of its record in its partition
 */
public record EventRecord(Recorded recorded, EnvironmentState before, EnvironmentState after, long offset) {

    public long sequence() {
        return after.sequence();
    }

    /** The key of the flag that changed. */
    public String flag() {
        return recorded.event().flag();
    }

    /** The flag before the event; null if the event created it. */
    public @Nullable FlagState flagBefore() {
        return before.flags().get(flag());
    }
}
