package io.flagledger.core.event;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Who made a change.
 *
 * @param onBehalfOf the id of whom the actor acted for; null where that is the actor
 */
public record Actor(String id, Kind kind, @Nullable String onBehalfOf) {
    public Actor {
        requireNonNull(id, "id");
        requireNonNull(kind, "kind");
    }

    /** A person. */
    public static Actor human(String id) {
        return new Actor(id, Kind.HUMAN, null);
    }

    /** A program that somebody runs. */
    public static Actor service(String id) {
        return new Actor(id, Kind.SERVICE, null);
    }

    /** Returns the same actor, acting for somebody. */
    public Actor onBehalfOf(String id) {
        return new Actor(this.id, kind, id);
    }

    @Override
    public String toString() {
        return onBehalfOf == null ? id : id + " for " + onBehalfOf;
    }

    public enum Kind {
        HUMAN,
        SERVICE,
        /** Flag Ledger itself. */
        SYSTEM
    }
}
