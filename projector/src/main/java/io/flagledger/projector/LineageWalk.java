package io.flagledger.projector;

import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagMap;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.travel.Lineage;
import io.flagledger.core.travel.Step;
import io.flagledger.core.travel.Timeline;
import io.flagledger.core.travel.TimelineSearch;
import io.flagledger.projector.AuditQuery.Order;
import io.flagledger.projector.StoreKeys.Tag;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Walks from event to event of a flag and of those that are its ancestors at the time, and past all others. */
final class LineageWalk implements AutoCloseable {
    /*
     * Who the ancestors are changes on the way, and only by events of the lineage itself. Whoever comes in is looked up as
     * it was at that event, and its own events are walked from there on; whoever leaves is forgotten.
     *
     * What the answer is counts at the end of a batch, which may be an event of some other flag. So the walk also stops at
     * the end of each batch in which it took an event, and at the head.
     */
    private final Archive archive;
    private final TimelineSearch search;
    private final String flag;
    private final Map<String, Sequences> walked = new HashMap<>();
    private EnvironmentState state;
    private long batchEnd;

    LineageWalk(Archive archive, String environment, String flag, Subject subject) {
        this.archive = archive;
        this.search = new TimelineSearch(environment, flag, subject);
        this.flag = flag;
        this.state = EnvironmentState.empty(environment);
        walk(flag);
    }

    Timeline timeline() {
        for (long next = next(); next != Sequences.NONE; next = next()) {
            if (batchEnd < next) {
                passTo(batchEnd);
            }
            Recorded recorded = archive.event(next);
            batchEnd = next + recorded.event().batch().remaining();
            take(recorded);
        }
        passTo(batchEnd);
        passTo(archive.sequence());
        return search.timeline();
    }

    private void take(Recorded recorded) {
        String key = recorded.event().flag();
        long sequence = recorded.event().sequence();
        FlagState changed = Fold.apply(state.flags().get(key), recorded);
        FlagMap<FlagState> flags = state.flags().with(key, changed);
        for (Parent parent : changed.parents()) {
            flags = archive.withAncestors(flags, parent.flag(), sequence);
        }
        step(recorded, flags);
        Set<String> lineage = Lineage.of(state, flag);
        lineage.forEach(this::walk);
        walked.entrySet().removeIf(other -> {
            boolean left = !lineage.contains(other.getKey());
            if (left) {
                other.getValue().close();
            }
            return left;
        });
        state = Lineage.excerpt(state, lineage);
    }

    /** Shows the search that nothing happened to the lineage up to and with an event. */
    private void passTo(long sequence) {
        if (sequence > state.sequence()) {
            step(archive.event(sequence), state.flags());
        }
    }

    private void step(Recorded recorded, FlagMap<FlagState> flags) {
        EnvironmentState after = new EnvironmentState(
                state.environment(),
                recorded.event().sequence(),
                recorded.digest(),
                recorded.appendedAt(),
                recorded.event().batch().remaining(),
                flags);
        search.take(new Step(recorded, state, after));
        state = after;
    }

    private void walk(String key) {
        walked.computeIfAbsent(
                key, other -> archive.sequences(Tag.FLAG, other, Order.OLDEST_FIRST, archive.sequence()));
    }

    private long next() {
        long next = Sequences.NONE;
        for (Sequences events : walked.values()) {
            long sequence = events.seek(state.sequence() + 1);
            if (sequence != Sequences.NONE && (next == Sequences.NONE || sequence < next)) {
                next = sequence;
            }
        }
        return next;
    }

    @Override
    public void close() {
        walked.values().forEach(Sequences::close);
    }
}
