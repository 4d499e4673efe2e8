package io.flagledger.core.travel;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.fold.EnvironmentState;
import java.time.Instant;

/**
 * Where a ledger is cut to look at an environment as it was. A batch is never cut in two: a cut that falls into one means
 * the state before it.
 */
public sealed interface Cut {

    /** Whether this state lies before the cut or on it. */
    boolean includes(EnvironmentState state);

    /** After the event with this sequence; 0 is before the first. */
    static Cut at(long sequence) {
        return new AtSequence(sequence);
    }

    /** After the last event whose ledger time is not later than this. */
    static Cut at(Instant time) {
        return new AtTime(time);
    }

    /** After the last event that there is. */
    static Cut now() {
        return new Now();
    }

    /** After an event, by its position. */
    record AtSequence(long sequence) implements Cut {
        public AtSequence {
            if (sequence < 0) {
                throw new IllegalArgumentException("sequences begin at 1, but this cut is at " + sequence);
            }
        }

        @Override
        public boolean includes(EnvironmentState state) {
            return state.sequence() <= sequence;
        }

        @Override
        public String toString() {
            return "#" + sequence;
        }
    }

    /** At a time. */
    record AtTime(Instant time) implements Cut {
        public AtTime {
            requireNonNull(time, "time");
        }

        @Override
        public boolean includes(EnvironmentState state) {
            return !state.ledgerTime().isAfter(time);
        }

        @Override
        public String toString() {
            return time.toString();
        }
    }

    /** At the end. */
    record Now() implements Cut {
        @Override
        public boolean includes(EnvironmentState state) {
            return true;
        }

        @Override
        public String toString() {
            return "now";
        }
    }
}
