package io.flagledger.core.travel;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.fold.EnvironmentState;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers by going through the events themselves, once a question and no further than it asks. Slow on a long ledger, but
 * needs nothing beside it: the answer that all faster ones must agree with.
 */
public final class ReplayedHistory implements LedgerHistory {
    private final String environment;
    private final EventSource events;

    public ReplayedHistory(String environment, EventSource events) {
        this.environment = requireNonNull(environment, "environment");
        this.events = requireNonNull(events, "events");
    }

    @Override
    public EnvironmentState at(Cut cut) {
        CutSearch search = new CutSearch(environment, cut);
        events.replay(step -> search.take(step.after()));
        return search.found();
    }

    @Override
    public EnvironmentDiff diff(Cut from, Cut to) {
        CutSearch first = new CutSearch(environment, from);
        CutSearch second = new CutSearch(environment, to);
        events.replay(step -> {
            boolean firstGoesOn = first.take(step.after());
            return second.take(step.after()) || firstGoesOn;
        });
        return EnvironmentDiff.between(first.found(), second.found());
    }

    @Override
    public List<Revision> history(String flag) {
        List<Revision> revisions = new ArrayList<>();
        events.replay(step -> {
            if (step.recorded().event().flag().equals(flag)) {
                revisions.add(Revision.of(step));
            }
            return true;
        });
        return List.copyOf(revisions);
    }

    @Override
    public Timeline timeline(String flag, Subject subject) {
        TimelineSearch search = new TimelineSearch(environment, flag, subject);
        events.replay(step -> {
            search.take(step);
            return true;
        });
        return search.timeline();
    }

    @Override
    public Decision decisionAt(String flag, Subject subject, Cut cut) {
        return Lineage.decide(at(cut), flag, subject);
    }
}
