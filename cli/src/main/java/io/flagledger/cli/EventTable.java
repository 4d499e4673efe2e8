package io.flagledger.cli;

import io.flagledger.core.event.Change;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.FlagState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events, one below the other. */
final class EventTable {
    private final Terminal terminal;
    private final Table table = new Table(2, "SEQ", "REV", "TIME", "ACTOR", "CHANGE", "REASON");

    EventTable(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The table of events of which no more is known. */
    static Table of(Terminal terminal, List<Recorded> events) {
        EventTable rows = new EventTable(terminal);
        events.forEach(event -> rows.add(event, null));
        return rows.table;
    }

    /**
     * @param before the flag before the event; null if there was none
     */
    void add(Recorded recorded, @Nullable FlagState before) {
        Event event = recorded.event();
        table.row(
                Table.Cell.of(event.sequence()),
                Table.Cell.of(event.revision()),
                Table.Cell.of(time(recorded.appendedAt())),
                Table.Cell.of(event.actor()),
                new Table.Cell(Words.change(event.change(), before), text -> colour(event.change(), text)),
                Table.Cell.of(event.reason()));
    }

    Table table() {
        return table;
    }

    /** A time as `--since` and its like take it back, to the second. */
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private String colour(Change change, String text) {
        return change instanceof Change.KillSwitchEngaged
                ? terminal.bad(text)
                : change instanceof Change.KillSwitchReleased ? terminal.good(text) : text;
    }
}
