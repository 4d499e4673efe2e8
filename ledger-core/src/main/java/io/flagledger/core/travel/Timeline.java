package io.flagledger.core.travel;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Recorded;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a subject had access to a flag.
 *
 * @param intervals oldest first; between them, and before the first, there was no access
 * @param sequence of the last event that was looked at; 0 if there is none
 * @param at that event's ledger time
 */
public record Timeline(
        String environment, String flag, Subject subject, List<Interval> intervals, long sequence, Instant at) {
    public Timeline {
        requireNonNull(environment, "environment");
        requireNonNull(flag, "flag");
        requireNonNull(subject, "subject");
        intervals = List.copyOf(intervals);
        requireNonNull(at, "at");
    }

    /** Whether the subject has access at the end of what was looked at. */
    public boolean isOpen() {
        return !intervals.isEmpty() && intervals.get(intervals.size() - 1).until() == null;
    }

    /**
     * A time with access.
     *
     * @param until what ended it; null if nothing has
     */
    public record Interval(Edge from, @Nullable Edge until) {
        public Interval {
            requireNonNull(from, "from");
        }
    }

    /**
     * Where access began or ended.
     *
     * @param cause the event that did it, which may be one of a parent. Of a batch, the last event that turned the answer.
     * @param decision the answer from there on. Its sequence is that of the batch's end, for nobody saw it earlier.
     */
    public record Edge(Recorded cause, Decision decision) {
        public Edge {
            requireNonNull(cause, "cause");
            requireNonNull(decision, "decision");
        }
    }
}
