package io.flagledger.core.command;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Event;
import java.util.List;

/** What comes of a command: the events to append, or why there are none. */
public sealed interface Verdict {

    /** The command stands; these events are to be appended together. */
    record Accepted(List<Event> events) implements Verdict {
        public Accepted {
            events = List.copyOf(events);
        }
    }

    /** Nothing is to be appended. */
    record Refused(Refusal refusal) implements Verdict {
        public Refused {
            requireNonNull(refusal, "refusal");
        }
    }
}
