package io.flagledger.projector;

import io.flagledger.core.event.Recorded;
import java.util.List;

/**
 * Events that were found.
 *
 * @param events in the order asked for, with their ledger times
 * @param next behind which sequence the next page begins; 0 if there is none. A search for words gives a page that is not
 *     full, or even empty, and a next one, where it has read so many events that the rest is left for another question
 * @param sequence up to which events were looked at; 0 if nothing has happened
 */
public record AuditPage(List<Recorded> events, long next, long sequence) {
    public AuditPage {
        events = List.copyOf(events);
    }
}
