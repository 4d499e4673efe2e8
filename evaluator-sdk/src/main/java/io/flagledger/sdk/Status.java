package io.flagledger.sdk;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How well a {@link FlagLedger} knows its environment.
 *
 * @param sequence of the last event that answers take into account; 0 while there is none
 * @param ledgerTime of that event
 * @param silence how long ago Kafka last said anything
 * @param problem what is the matter; null while nothing is
 */
public record Status(
        State state,
        long sequence,
        Instant ledgerTime,
        Duration silence,
        @Nullable String problem) {

    public enum State {
        /** Not caught up yet; every flag is unknown, so nobody has access. */
        STARTING,
        /** Caught up, and following. */
        READY,
        /** Answering from what was known last; newer events may exist. */
        STALE,
        /** Closed; answering from what was known last. */
        CLOSED
    }
}
