package io.flagledger.core.travel;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.FlagState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A flag after one of its events.
 *
 * @param recorded the event: who, why, when
 * @param after the flag as the event left it
 * @param differences to the revision before; empty for the first, which has none before it
 */
public record Revision(Recorded recorded, FlagState after, List<Difference> differences) {
    public Revision {
        requireNonNull(recorded, "recorded");
        requireNonNull(after, "after");
        differences = List.copyOf(differences);
    }

    /** The revision that an event made of its flag. */
    static Revision of(Step step) {
        String key = step.recorded().event().flag();
        FlagState before = step.before().flags().get(key);
        FlagState after = step.after().flags().get(key);
        if (after == null) {
            throw new IllegalStateException("the fold keeps every flag, but %s is gone".formatted(key));
        }
        return of(step.recorded(), before, after);
    }

    /**
     * The revision that an event made of its flag.
     *
     * @param before null if the event created it
     */
    public static Revision of(Recorded recorded, @Nullable FlagState before, FlagState after) {
        return new Revision(recorded, after, before == null ? List.of() : Differences.between(before, after));
    }
}
