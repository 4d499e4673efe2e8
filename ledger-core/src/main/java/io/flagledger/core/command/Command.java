package io.flagledger.core.command;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
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
}
