package io.flagledger.projector;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Recorded;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole life of an environment in few marks, as on a ruler.
 *
 * @param marks oldest first; together they cover every event
 * @param sequence of the last event; 0 if there is none
 */
public record Marks(String environment, List<Mark> marks, long sequence) {
    public Marks {
        requireNonNull(environment, "environment");
        marks = List.copyOf(marks);
    }

    /**
     * Some neighbouring events, always whole batches.
     *
     * @param first the lowest sequence
     * @param last the highest
     * @param since the ledger time of the first
     * @param until that of the last
     * @param kills how many kill switches were engaged
     * @param change the last event, where all of them are one batch; else null
     */
    public record Mark(
            long first,
            long last,
            Instant since,
            Instant until,
            long kills,
            @Nullable Recorded change) {
        public Mark {
            requireNonNull(since, "since");
            requireNonNull(until, "until");
        }
    }
}
