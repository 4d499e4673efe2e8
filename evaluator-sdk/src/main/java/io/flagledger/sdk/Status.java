package io.flagledger.sdk;

import io.flagledger.core.codec.StateDigest;
import io.flagledger.core.event.Digest;
import io.flagledger.core.fold.EnvironmentState;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How well a {@link FlagLedger} knows its environment.
 *
 * @param known all flags as the ledger's events made them, up to the last that answers take into account
 * @param lag how many records of the environment's partition are still to be read, as far as Kafka has said; -1 while it
 *     has said nothing. Environments share partitions, so some of the records may be of others.
 * @param silence the age of the last moment at which these were known to be all events, by the word of the partition's
 *     leader; where answers come from a snapshot, its age
 * @param problem what is the matter; null while nothing is
 */
public record Status(
        State state,
        EnvironmentState known,
        long lag,
        Duration silence,
        @Nullable String problem) {

    public enum State {
        /** Nothing is known yet; every flag is unknown, so nobody has access. */
        STARTING,
        /** Caught up, and following: every event is known whose append returned longer ago than answers take to be stale. */
        READY,
        /** Answering from what was known last, or from a snapshot; newer events may exist. */
        STALE,
        /** Closed; answering from what was known last. */
        CLOSED
    }

    /** The sequence of the last event that answers take into account; 0 while there is none. */
    public long sequence() {
        return known.sequence();
    }

    /** The ledger time of that event; the epoch while there is none. */
    public Instant ledgerTime() {
        return known.ledgerTime();
    }

    /**
     * One line for all flags: whoever else holds the same sequence must have the same. Computed when asked for, some
     * microseconds a flag.
     */
    public Digest stateDigest() {
        return StateDigest.of(known);
    }

    /** All but the flags. */
    @Override
    public String toString() {
        return "%s at %d (%s), lag %d, silence %d ms%s"
                .formatted(
                        state,
                        sequence(),
                        ledgerTime(),
                        lag,
                        silence.toMillis(),
                        problem == null ? "" : ", problem: " + problem);
    }
}
