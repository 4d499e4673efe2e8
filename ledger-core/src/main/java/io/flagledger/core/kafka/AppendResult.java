package io.flagledger.core.kafka;

import io.flagledger.core.command.Refusal;
import io.flagledger.core.event.Recorded;
import java.util.List;

/** What came of an append. */
public sealed interface AppendResult {

    /** Up to which event the ledger was taken into account. */
    long sequence();

    /**
     * The changes are in the ledger, and will be after any crash.
     *
     * @param events one for each change, with their ledger times
     * @param replayed whether they were there already: a command with the same changeId came before
     */
    record Accepted(List<Recorded> events, boolean replayed) implements AppendResult {
        public Accepted {
            events = List.copyOf(events);
        }

        /** The sequence of the last event. */
        @Override
        public long sequence() {
            return events.get(events.size() - 1).event().sequence();
        }
    }

    /**
     * Nothing is in the ledger.
     *
     * @param sequence the position at which the changes were judged, which was the end of the ledger at some moment of the
     *     call
     * @param since the events that came since the revision that the caller expected, oldest first; empty otherwise
     */
    record Refused(Refusal refusal, long sequence, List<Recorded> since) implements AppendResult {
        public Refused {
            since = List.copyOf(since);
        }
    }
}
