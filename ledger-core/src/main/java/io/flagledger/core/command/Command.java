package io.flagledger.core.command;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Definition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes that somebody wants to be made, all of them or none.
 *
 * @param changeId names this intent, so that a retry is known as one
 * @param occurredAt the caller's clock
 * @param expectedRevision refuse if the flag is at another revision; null accepts any. Needs all changes to be of one flag.
 */
public record Command(
        String changeId,
        Instant occurredAt,
        Actor actor,
        String reason,
        List<Change> changes,
        @Nullable Long expectedRevision) {
    public Command {
        requireNonNull(changeId, "changeId");
        requireNonNull(occurredAt, "occurredAt");
        requireNonNull(actor, "actor");
        requireNonNull(reason, "reason");
        changes = List.copyOf(changes);
    }

    /** Finds what a flag was. */
    @FunctionalInterface
    public interface Definitions {
        /** What the flag was at the revision; null if it never was at it. */
        @Nullable
        Definition at(String flag, long revision);
    }

    /** The same with what its restorations are to restore, whatever they brought with them; what never was is left to be refused. */
    public Command restoring(Definitions past) {
        if (changes.stream().noneMatch(Change.FlagRestored.class::isInstance)) {
            return this;
        }
        List<Change> complete = changes.stream()
                .map(change -> change instanceof Change.FlagRestored restored
                        ? new Change.FlagRestored(
                                restored.flag(), restored.revision(), past.at(restored.flag(), restored.revision()))
                        : change)
                .toList();
        return new Command(changeId, occurredAt, actor, reason, complete, expectedRevision);
    }
}
