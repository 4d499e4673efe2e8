package io.flagledger.core.evaluate;

import io.flagledger.core.event.FlagValue;
import org.jspecify.annotations.Nullable;

/**
 * One of the answers that a flag has prepared.
 *
 * @param variant the one served
 * @param value of that variant
 * @param parent the direct parent that denied access; null unless the reason is {@link Reason#PARENT}
 * @param revision of the flag
 */
public record Outcome(
        String flag,
        Reason reason,
        String variant,
        FlagValue value,
        @Nullable String parent,
        long revision) {

    public boolean granted() {
        return reason.granted();
    }
}
