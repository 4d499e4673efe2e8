package io.flagledger.core.evaluate;

import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.Variants;
import org.jspecify.annotations.Nullable;

/**
 * One of the answers that a flag has prepared.
 *
 * @param variant the one served
 * @param value of that variant
 * @param parent the direct parent that denied access; null unless the reason is {@link Reason#PARENT}
 */
public record Outcome(
        Reason reason,
        String variant,
        FlagValue value,
        @Nullable String parent) {

    static Outcome of(Variants variants, String variant, Reason reason, @Nullable String parent) {
        FlagValue value = variants.values().get(variant);
        if (value == null) {
            throw new IllegalStateException("%s is served, which is none of %s".formatted(variant, variants.values()));
        }
        return new Outcome(reason, variant, value, parent);
    }

    public boolean granted() {
        return reason.granted();
    }
}
