package io.flagledger.server.http;

import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.json.LedgerJson;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which events are looked for: those that every part agrees with.
 *
 * @param flag its key; null for any
 * @param actor the id of who did it, or of whom it was done for; null for any
 * @param kind as in a change's JSON, such as {@code StageMoved}; null for any
 * @param since the earliest ledger time
 * @param until the latest ledger time
 * @param first the lowest sequence
 * @param last the highest sequence
 * @param limit how many at most
 */
record AuditQuery(
        @Nullable String flag,
        @Nullable String actor,
        @Nullable String kind,
        Instant since,
        Instant until,
        long first,
        long last,
        boolean newestFirst,
        int limit) {
    /** Everything, oldest first. */
    static AuditQuery all(int limit) {
        return new AuditQuery(null, null, null, Instant.MIN, Instant.MAX, 1, Long.MAX_VALUE, false, limit);
    }

    boolean matches(Recorded recorded) {
        Event event = recorded.event();
        return event.sequence() >= first
                && event.sequence() <= last
                && (flag == null || flag.equals(event.flag()))
                && (actor == null
                        || actor.equals(event.actor().id())
                        || actor.equals(event.actor().onBehalfOf()))
                && (kind == null || kind.equals(LedgerJson.kind(event.change())))
                && !recorded.appendedAt().isBefore(since)
                && !recorded.appendedAt().isAfter(until);
    }

    /** What is left to look for behind an event, in the order asked for. */
    AuditQuery behind(long sequence) {
        return newestFirst
                ? new AuditQuery(flag, actor, kind, since, until, first, Math.min(last, sequence - 1), true, limit)
                : new AuditQuery(flag, actor, kind, since, until, Math.max(first, sequence + 1), last, false, limit);
    }

    AuditQuery limit(int events) {
        return new AuditQuery(flag, actor, kind, since, until, first, last, newestFirst, events);
    }

    /** Nothing later than this event. */
    AuditQuery upTo(long sequence) {
        return new AuditQuery(flag, actor, kind, since, until, first, Math.min(last, sequence), newestFirst, limit);
    }
}
