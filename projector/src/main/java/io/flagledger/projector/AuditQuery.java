package io.flagledger.projector;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which events are looked for: those that every part agrees with.
 *
 * @param flag its key; null for any
 * @param actor the actor's id; null for any
 * @param kind as in a change's JSON, such as {@code StageMoved}; null for any
 * @param since the earliest ledger time
 * @param until the ledger time that all found are before
 * @param beyond the sequence behind which, in the order asked for, the page begins; 0 begins at the first event of the order
 * @param limit how many at most, at least 1
 */
public record AuditQuery(
        @Nullable String flag,
        @Nullable String actor,
        @Nullable String kind,
        Instant since,
        Instant until,
        Order order,
        long beyond,
        int limit) {
    /** Everything, newest first, a hundred at a time. */
    public static final AuditQuery NEWEST =
            new AuditQuery(null, null, null, Instant.MIN, Instant.MAX, Order.NEWEST_FIRST, 0, 100);

    /** Everything, oldest first, a hundred at a time. */
    public static final AuditQuery OLDEST = NEWEST.in(Order.OLDEST_FIRST);

    public AuditQuery {
        requireNonNull(since, "since");
        requireNonNull(until, "until");
        requireNonNull(order, "order");
        if (beyond < 0) {
            throw new IllegalArgumentException("sequences begin at 1, but the page is to begin behind " + beyond);
        }
        if (limit < 1) {
            throw new IllegalArgumentException("a page has room for one event or more, but this one for " + limit);
        }
    }

    /** From which end a ledger is looked through. */
    public enum Order {
        NEWEST_FIRST,
        OLDEST_FIRST
    }

    public AuditQuery flag(@Nullable String key) {
        return new AuditQuery(key, actor, kind, since, until, order, beyond, limit);
    }

    public AuditQuery actor(@Nullable String id) {
        return new AuditQuery(flag, id, kind, since, until, order, beyond, limit);
    }

    public AuditQuery kind(@Nullable String name) {
        return new AuditQuery(flag, actor, name, since, until, order, beyond, limit);
    }

    public AuditQuery since(Instant time) {
        return new AuditQuery(flag, actor, kind, time, until, order, beyond, limit);
    }

    public AuditQuery until(Instant time) {
        return new AuditQuery(flag, actor, kind, since, time, order, beyond, limit);
    }

    public AuditQuery in(Order other) {
        return new AuditQuery(flag, actor, kind, since, until, other, beyond, limit);
    }

    /** The page that begins behind this sequence, such as {@link AuditPage#next}. */
    public AuditQuery beyond(long sequence) {
        return new AuditQuery(flag, actor, kind, since, until, order, sequence, limit);
    }

    public AuditQuery limit(int events) {
        return new AuditQuery(flag, actor, kind, since, until, order, beyond, events);
    }
}
