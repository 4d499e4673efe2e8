package io.flagledger.server.http;

import io.flagledger.core.codec.Head;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.travel.Cut;
import io.flagledger.core.travel.LedgerHistory;
import io.flagledger.core.travel.Revision;
import io.flagledger.projector.Activity;
import io.flagledger.projector.AuditPage;
import io.flagledger.projector.AuditQuery;
import io.flagledger.projector.History;
import io.flagledger.projector.Marks;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What this instance's stores know of an environment's past. The one place that knows how the projector is asked. Every
 * method throws {@link io.flagledger.projector.HistoryUnavailableException} while the stores are being restored or moved.
 *
 * @param stale whether the owner may know more
 */
record Past(String environment, History history, boolean stale) {
    /** What can be asked of an environment's past in general. */
    LedgerHistory travel() {
        return history.of(environment);
    }

    /** All flags as they are at the end. */
    EnvironmentState now() {
        // What is folded in memory is the owner's; a copy knows what its store says.
        return stale ? travel().at(Cut.now()) : history.now(environment);
    }

    /** The last event that answers take into account; 0 if there is none. */
    long sequence() {
        return history.head(environment).map(Head::sequence).orElse(0L);
    }

    /** Why the past goes no further; nothing if it does. */
    Optional<String> stopped() {
        return history.stopped(environment);
    }

    /** The revisions of a flag that were made behind a sequence, oldest first, at most so many. */
    List<Revision> revisions(String flag, long after, int limit) {
        return history.revisions(environment, flag, after, limit);
    }

    /** The whole life in so many marks at most. */
    Marks marks(int limit) {
        return history.marks(environment, limit);
    }

    AuditPage page(AuditQuery query) {
        return history.search(environment, query);
    }

    /**
     * How many changes of each kind each actor made on each day; only those with changes, in that order.
     *
     * @param from the first day, in UTC
     * @param to the last day
     */
    Activity activity(LocalDate from, LocalDate to) {
        return history.activity(environment, from, to.plusDays(1));
    }
}
