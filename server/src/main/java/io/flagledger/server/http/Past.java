package io.flagledger.server.http;

import io.flagledger.core.codec.Head;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.travel.Cut;
import io.flagledger.core.travel.EventSource;
import io.flagledger.core.travel.LedgerHistory;
import io.flagledger.core.travel.ReplayedHistory;
import io.flagledger.core.travel.Step;
import io.flagledger.projector.History;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What this instance's stores know of an environment's past. The one place that knows how the projector is asked. Every
 * method throws {@link io.flagledger.projector.HistoryUnavailableException} while the stores are being restored or moved.
 *
 * @param stale whether the owner may know more
 */
record Past(String environment, History history, boolean stale) {
    private static final int PAGE = 500;

    /** What can be asked of an environment's past in general. */
    LedgerHistory travel() {
        return new ReplayedHistory(environment, this::replay);
    }

    /** All flags as they are at the end. */
    EnvironmentState now() {
        return travel().at(Cut.now());
    }

    /** The last event that answers take into account; 0 if there is none. */
    long sequence() {
        return stale
                ? now().sequence()
                : history.head(environment).map(Head::sequence).orElse(0L);
    }

    /** Why the past goes no further; nothing if it does. */
    Optional<String> stopped() {
        return history.stopped(environment);
    }

    AuditPage page(AuditQuery query) {
        List<Recorded> found = query.newestFirst() ? backwards(query) : forwards(query);
        boolean more = found.size() > query.limit();
        return new AuditPage(more ? found.subList(0, query.limit()) : found, more);
    }

    /** How many changes of each kind each actor made on each day; only those with changes, in that order. */
    List<Count> activity(LocalDate from, LocalDate to, long last) {
        SortedMap<Count, Integer> counts = new TreeMap<>(Count.ORDER);
        AuditQuery query = new AuditQuery(
                null,
                null,
                null,
                from.atStartOfDay(ZoneOffset.UTC).toInstant(),
                to.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().minusNanos(1),
                1,
                last,
                false,
                PAGE);
        AuditPage page;
        do {
            page = page(query);
            for (Recorded recorded : page.events()) {
                counts.merge(Count.one(recorded), 1, Integer::sum);
            }
            query = page.more() ? query.behind(page.end()) : query;
        } while (page.more());
        List<Count> all = new ArrayList<>();
        counts.forEach((one, changes) -> all.add(new Count(one.day(), one.actor(), one.kind(), changes)));
        return all;
    }

    private List<Recorded> forwards(AuditQuery query) {
        return history.events(environment, query.first() - 1, query::matches, query.limit() + 1);
    }

    private List<Recorded> backwards(AuditQuery query) {
        List<Recorded> found = new ArrayList<>();
        long end = Math.min(
                query.last(), history.head(environment).map(Head::sequence).orElse(0L));
        while (end >= query.first() && found.size() <= query.limit()) {
            long begin = Math.max(query.first(), end - PAGE + 1);
            long last = end;
            List<Recorded> window = new ArrayList<>(history.events(
                    environment, begin - 1, event -> event.event().sequence() <= last && query.matches(event), PAGE));
            Collections.reverse(window);
            found.addAll(window);
            end = begin - 1;
        }
        return found;
    }

    private void replay(EventSource.Visitor visitor) {
        EnvironmentState state = EnvironmentState.empty(environment);
        List<Recorded> events;
        do {
            events = history.events(environment, state.sequence(), event -> true, PAGE);
            for (Recorded recorded : events) {
                EnvironmentState after = Fold.apply(state, recorded);
                if (!visitor.take(new Step(recorded, state, after))) {
                    return;
                }
                state = after;
            }
        } while (events.size() == PAGE);
    }

    /**
     * How many changes of a kind an actor made on a day.
     *
     * @param day in UTC, by ledger time
     */
    record Count(LocalDate day, String actor, String kind, long changes) {
        private static final Comparator<Count> ORDER =
                Comparator.comparing(Count::day).thenComparing(Count::actor).thenComparing(Count::kind);

        private static Count one(Recorded recorded) {
            return new Count(
                    LocalDate.ofInstant(recorded.appendedAt(), ZoneOffset.UTC),
                    recorded.event().actor().id(),
                    LedgerJson.kind(recorded.event().change()),
                    1);
        }
    }
}
