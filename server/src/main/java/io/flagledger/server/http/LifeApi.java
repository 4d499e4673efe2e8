package io.flagledger.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.travel.Revision;
import io.flagledger.projector.Marks;
import io.javalin.http.Context;
import java.util.ArrayDeque;
import java.util.Deque;

/** A whole life at a glance: {@code …/marks} of an environment, {@code …/flags/{key}/series} of a flag. */
final class LifeApi {
    private static final int DEFAULT_MARKS = 600;
    private static final int MAX_MARKS = 2_000;

    private final Routing routing;

    LifeApi(Routing routing) {
        this.routing = routing;
    }

    void marks(Context context) throws Exception {
        Requests.takesOnly(context, "limit", "after", "stale");
        int limit = (int) Math.min(MAX_MARKS, Math.max(1, Requests.whole(context, "limit", DEFAULT_MARKS)));
        routing.past(context, past -> {
            Marks marks = past.marks(limit);
            ObjectNode json =
                    LedgerJson.object().put("environment", past.environment()).put("sequence", marks.sequence());
            json.set(
                    "marks",
                    LedgerJson.array(marks.marks().stream().map(LifeApi::mark).toList()));
            Requests.answer(context, past, marks.sequence(), json);
        });
    }

    private static ObjectNode mark(Marks.Mark mark) {
        ObjectNode json = LedgerJson.object()
                .put("first", mark.first())
                .put("last", mark.last())
                .put("since", LedgerJson.time(mark.since()))
                .put("until", LedgerJson.time(mark.until()))
                .put("kills", mark.kills());
        Recorded change = mark.change();
        if (change != null) {
            Event event = change.event();
            json.put("flag", event.flag())
                    .put("kind", LedgerJson.kind(event.change()))
                    .put("actor", event.actor().id())
                    .put("reason", event.reason());
        }
        return json;
    }

    void series(Context context) throws Exception {
        Requests.takesOnly(context, "after", "stale");
        String flag = context.pathParam("key");
        routing.past(context, past -> {
            long sequence = past.sequence();
            Deque<Point> points = new ArrayDeque<>();
            for (Revision revision : past.travel().history(flag)) {
                add(points, Point.of(revision), sequence);
            }
            if (points.isEmpty()) {
                throw Requests.neverThere(past, flag, sequence);
            }
            ObjectNode json = LedgerJson.object()
                    .put("environment", past.environment())
                    .put("flag", flag)
                    .put("sequence", sequence);
            ArrayNode list = json.putArray("points");
            points.forEach(point -> list.add(point.json()));
            Requests.answer(context, past, sequence, json);
        });
    }

    /** Keeps only what somebody saw: of a batch its end, and of revisions that differ in something else the first. */
    private static void add(Deque<Point> points, Point point, long sequence) {
        Point before = points.peekLast();
        if (point.sequence() > sequence) {
            return;
        }
        if (before != null && before.sequence() == point.sequence()) {
            points.removeLast();
            before = points.peekLast();
        }
        if (before == null || !before.looksLike(point)) {
            points.addLast(point);
        }
    }

    /**
     * How far a flag was open from an event on.
     *
     * @param sequence of the end of the batch, before which nobody saw it
     */
    private record Point(long sequence, Recorded recorded, FlagState flag) {

        static Point of(Revision revision) {
            Event event = revision.recorded().event();
            return new Point(event.sequence() + event.batch().remaining(), revision.recorded(), revision.after());
        }

        boolean looksLike(Point other) {
            return flag.stage() == other.flag.stage()
                    && flag.percentage().equals(other.flag.percentage())
                    && flag.killSwitch() == other.flag.killSwitch()
                    && flag.archived() == other.flag.archived();
        }

        ObjectNode json() {
            return LedgerJson.object()
                    .put("sequence", sequence)
                    .put("at", LedgerJson.time(recorded.appendedAt()))
                    .put("stage", flag.stage().name())
                    .put("percentage", flag.percentage().percent())
                    .put("killSwitch", flag.killSwitch().name())
                    .put("archived", flag.archived());
        }
    }
}
