package io.flagledger.cli;

import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Event;
import io.flagledger.core.json.TravelJson;
import io.flagledger.core.travel.Timeline;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "timeline",
        description = "Tell when somebody had access to a flag, and which events began and ended it.")
final class TimelineCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "KEY", description = "the flag")
    private String key = "";

    @Option(names = "--user", paramLabel = "USER", description = "the user's id, exactly")
    private @Nullable String user;

    @Option(names = "--org", paramLabel = "ORG", description = "the id of the user's org, exactly")
    private @Nullable String org;

    @Option(names = "--admin", description = "the user is an administrator of the product")
    private boolean admin;

    TimelineCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Subject subject = new Subject(user, org, admin);
        Ledger ledger = Ledger.of(session);
        Timeline timeline = ledger.ask(history -> history.timeline(key, subject));
        if (timeline.intervals().isEmpty()) {
            Ledger.flag(ledger.state(), key); // never, or was there never such a flag?
        }
        if (session.wantsJson()) {
            session.print(TravelJson.timeline(timeline));
            return Exit.DONE;
        }
        if (!timeline.intervals().isEmpty()) {
            print(timeline.intervals());
        }
        session.out().println(summary(timeline));
        return Exit.DONE;
    }

    private void print(List<Timeline.Interval> intervals) {
        Table table = new Table(2, "TIME", "SEQ", "ACCESS", "BY", "FLAG", "CHANGE", "REASON");
        for (Timeline.Interval interval : intervals) {
            table.row(cells(interval.from()));
            Timeline.Edge until = interval.until();
            if (until != null) {
                table.row(cells(until));
            }
        }
        session.print(table);
    }

    private Table.Cell[] cells(Timeline.Edge edge) {
        Terminal terminal = session.terminal();
        Event cause = edge.cause().event();
        Decision decision = edge.decision();
        return new Table.Cell[] {
            Table.Cell.of(EventTable.time(edge.cause().appendedAt())),
            Table.Cell.of(cause.sequence()),
            new Table.Cell(
                    (decision.granted() ? "begins: " : "ends: ") + decision.reason(),
                    decision.granted() ? terminal::good : terminal::bad),
            Table.Cell.of(cause.actor()),
            Table.Cell.of(cause.flag()),
            Table.Cell.of(Words.change(cause.change(), null)),
            Table.Cell.of(cause.reason())
        };
    }

    private String summary(Timeline timeline) {
        String who = Text.oneLine(who());
        List<Timeline.Interval> intervals = timeline.intervals();
        if (intervals.isEmpty()) {
            return "%s has never had access to %s".formatted(who, timeline.flag());
        }
        Timeline.Interval last = intervals.get(intervals.size() - 1);
        Timeline.Edge edge = last.until() == null ? last.from() : last.until();
        return "%s %s %s since %s"
                .formatted(
                        who,
                        timeline.isOpen() ? "has access to" : "has had no access to",
                        timeline.flag(),
                        EventTable.time(edge.cause().appendedAt()));
    }

    private String who() {
        String known = user == null || user.isEmpty() ? "somebody unknown" : user;
        return (admin ? "admin " : "") + known + (org == null || org.isEmpty() ? "" : " of " + org);
    }
}
