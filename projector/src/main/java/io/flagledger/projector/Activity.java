package io.flagledger.projector;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.util.List;

/**
 * How much happened in an environment.
 *
 * @param counts by day, then actor, then kind; only those with changes
 * @param sequence up to which events are counted; 0 if nothing has happened
 */
public record Activity(String environment, List<Count> counts, long sequence) {
    public Activity {
        requireNonNull(environment, "environment");
        counts = List.copyOf(counts);
    }

    /**
     * How many changes of a kind an actor made on a day.
     *
     * @param day in UTC, by ledger time
     * @param actor the actor's id
     * @param kind as in a change's JSON, such as {@code StageMoved}
     */
    public record Count(LocalDate day, String actor, String kind, long changes) {
        public Count {
            requireNonNull(day, "day");
            requireNonNull(actor, "actor");
            requireNonNull(kind, "kind");
        }
    }
}
