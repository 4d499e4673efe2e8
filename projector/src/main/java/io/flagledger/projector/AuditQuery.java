package io.flagledger.projector;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which events are looked for: those that every part agrees with.
 *
 * @param flag its key; null for any
 * @param actor the id of who did it, or of whom it was done for; null for any
 * @param kind as in a change's JSON, such as {@code StageMoved}; null for any
 * @param text words that must all stand somewhere in the event (see {@link AuditText}); null for any
 * @param since the earliest ledger time
 * @param until the latest ledger time
 * @param first the lowest sequence
 * @param last the highest sequence
 * @param limit how many at most, at least 1
 */
public record AuditQuery(
        @Nullable String flag,
        @Nullable String actor,
        @Nullable String kind,
        @Nullable String text,
        Instant since,
        Instant until,
        long first,
        long last,
        Order order,
        int limit) {
    /** Everything, newest first, a hundred at a time. */
    public static final AuditQuery NEWEST = new AuditQuery(
            null, null, null, null, Instant.MIN, Instant.MAX, 1, Long.MAX_VALUE, Order.NEWEST_FIRST, 100);

    /** Everything, oldest first, a hundred at a time. */
    public static final AuditQuery OLDEST = NEWEST.in(Order.OLDEST_FIRST);

    public AuditQuery {
        requireNonNull(since, "since");
        requireNonNull(until, "until");
        requireNonNull(order, "order");
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
        return new AuditQuery(key, actor, kind, text, since, until, first, last, order, limit);
    }

    public AuditQuery actor(@Nullable String id) {
        return new AuditQuery(flag, id, kind, text, since, until, first, last, order, limit);
    }

    public AuditQuery kind(@Nullable String name) {
        return new AuditQuery(flag, actor, name, text, since, until, first, last, order, limit);
    }

    public AuditQuery text(@Nullable String words) {
        return new AuditQuery(flag, actor, kind, words, since, until, first, last, order, limit);
    }

    public AuditQuery since(Instant time) {
        return new AuditQuery(flag, actor, kind, text, time, until, first, last, order, limit);
    }

    public AuditQuery until(Instant time) {
        return new AuditQuery(flag, actor, kind, text, since, time, first, last, order, limit);
    }

    public AuditQuery in(Order other) {
        return new AuditQuery(flag, actor, kind, text, since, until, first, last, other, limit);
    }

    /** What is left to look for behind this sequence, such as {@link AuditPage#next}, in the order asked for. */
    public AuditQuery behind(long sequence) {
        return order == Order.NEWEST_FIRST
                ? upTo(sequence - 1)
                : new AuditQuery(
                        flag, actor, kind, text, since, until, Math.max(first, sequence + 1), last, order, limit);
    }

    /** Nothing later than this event. */
    public AuditQuery upTo(long sequence) {
        return new AuditQuery(flag, actor, kind, text, since, until, first, Math.min(last, sequence), order, limit);
    }

    public AuditQuery limit(int events) {
        return new AuditQuery(flag, actor, kind, text, since, until, first, last, order, events);
    }
}
