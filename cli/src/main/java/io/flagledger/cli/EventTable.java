package io.flagledger.cli;

import static java.util.stream.Collectors.joining;

import io.flagledger.core.event.Change;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.travel.Revision;
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
        events.forEach(event -> rows.row(event, Words.change(event.event().change(), null)));
        return rows.table;
    }

    /**
     * Adds a revision, with the fields that its event changed where the change itself does not tell what they were.
     *
     * @param before the flag before the event; null if there was none
     */
    void add(Revision revision, @Nullable FlagState before) {
        Change change = revision.recorded().event().change();
        String fields = revision.differences().stream()
                .map(difference -> difference.field() + ": " + DifferenceWords.line(difference))
                .collect(joining("; "));
        String words = change instanceof Change.FlagRestored restored
                ? "restored to revision " + restored.revision() + (fields.isEmpty() ? "" : ": " + fields)
                : isToldByFields(change) && !fields.isEmpty() ? fields : Words.change(change, before);
        row(revision.recorded(), words);
    }

    private static boolean isToldByFields(Change change) {
        return change instanceof Change.FlagDescribed
                || change instanceof Change.VariantsDefined
                || change instanceof Change.ParentsChanged
                || change instanceof Change.BucketingChanged;
    }

    private void row(Recorded recorded, String words) {
        Event event = recorded.event();
        table.row(
                Table.Cell.of(event.sequence()),
                Table.Cell.of(event.revision()),
                Table.Cell.of(time(recorded.appendedAt())),
                Table.Cell.of(event.actor()),
                new Table.Cell(words, text -> colour(event.change(), text)),
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
