package io.flagledger.core.travel;

import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.travel.Timeline.Edge;
import io.flagledger.core.travel.Timeline.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds when a subject had access, from the events of an environment in their order. Of events that are neither of the flag
 * nor of one that is its ancestor then, only those need to be shown that end a batch in which one was, and the last of
 * all; and of the states, only these flags. For one thread.
 */
public final class TimelineSearch {
    /*
     * Only events of the flag itself and of its ancestors can turn the answer, and only they can change who the
     * ancestors are; all others are passed over with one lookup.
     *
     * Within a batch, which nobody sees half done, the answer is followed event by event all the same: not to show it,
     * but to know which event of the batch turned it. What counts is the answer at the batch's end; if that is another
     * than before the batch, the cause is the last event that turned it.
     */
    private final String flag;
    private final Subject subject;
    private final List<Interval> intervals = new ArrayList<>();
    private Set<String> lineage;
    private CompiledEnvironment standing;
    private EnvironmentState last;
    private boolean granted;
    private @Nullable Recorded turnedBy;
    private @Nullable Edge open;

    public TimelineSearch(String environment, String flag, Subject subject) {
        this.flag = flag;
        this.subject = subject;
        this.lineage = Set.of(flag);
        this.last = EnvironmentState.empty(environment);
        this.standing = CompiledEnvironment.of(last);
    }

    /** Takes the next event. */
    public void take(Step step) {
        EnvironmentState after = step.after();
        last = after;
        if (lineage.contains(step.recorded().event().flag())) {
            lineage = Lineage.of(after, flag);
            standing = standing.next(Lineage.excerpt(after, lineage), lineage);
            boolean now = standing.decide(flag, subject, false).granted();
            if (now != granted) {
                granted = now;
                turnedBy = step.recorded();
            }
        }
        if (after.isWhole()) {
            settle(after);
        }
    }

    private void settle(EnvironmentState after) {
        if (turnedBy != null && granted != (open != null)) {
            Edge edge = new Edge(turnedBy, Lineage.decide(after, flag, subject));
            if (open == null) {
                open = edge;
            } else {
                intervals.add(new Interval(open, edge));
                open = null;
            }
        }
        turnedBy = null;
    }

    /** What was found in all that was taken. */
    public Timeline timeline() {
        List<Interval> all = new ArrayList<>(intervals);
        if (open != null) {
            all.add(new Interval(open, null));
        }
        return new Timeline(last.environment(), flag, subject, all, last.sequence(), last.ledgerTime());
    }
}
