package io.flagledger.core.event;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * An accepted change: what, who, why, and its place in the order of its environment.
 *
 * @param sequence 1, 2, 3 … in the environment
 * @param revision 1, 2, 3 … of the flag
 * @param occurredAt the writer's clock, to the millisecond; for people, decides nothing
 * @param changeId the same for all events of a batch, unique to it
 */
public record Event(
        String environment,
        long sequence,
        long revision,
        Instant occurredAt,
        Actor actor,
        String reason,
        String changeId,
        Batch batch,
        Change change) {
    public Event {
        requireNonNull(environment, "environment");
        requireNonNull(occurredAt, "occurredAt");
        requireNonNull(actor, "actor");
        requireNonNull(reason, "reason");
        requireNonNull(changeId, "changeId");
        requireNonNull(batch, "batch");
        requireNonNull(change, "change");
    }

    /** The key of the flag that changed. */
    public String flag() {
        return change.flag();
    }
}
