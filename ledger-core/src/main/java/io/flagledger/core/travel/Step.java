package io.flagledger.core.travel;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;

/**
 * One event between two states.
 *
 * @param recorded with its ledger time in place of the append time
 */
public record Step(Recorded recorded, EnvironmentState before, EnvironmentState after) {
    public Step {
        requireNonNull(recorded, "recorded");
        requireNonNull(before, "before");
        requireNonNull(after, "after");
    }
}
