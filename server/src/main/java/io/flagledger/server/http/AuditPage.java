package io.flagledger.server.http;

import io.flagledger.core.event.Recorded;
import java.util.List;

/**
 * Events that were found.
 *
 * @param events in the order asked for, with their ledger times
 * @param more whether there are more behind the last one
 */
record AuditPage(List<Recorded> events, boolean more) {
    AuditPage {
        events = List.copyOf(events);
    }

    /** The last event's sequence. */
    long end() {
        return events.get(events.size() - 1).event().sequence();
    }
}
