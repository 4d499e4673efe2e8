package io.flagledger.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.codec.StateDigest;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.json.TravelJson;
import io.flagledger.core.travel.Cut;
import io.flagledger.core.travel.EnvironmentDiff;
import io.flagledger.core.travel.Revision;
import io.flagledger.core.travel.Timeline;
import io.flagledger.projector.Activity;
import io.javalin.http.Context;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;

/** What only an instance with stores can answer: histories, differences, timelines, activity and {@code …/head}. */
final class HistoryApi {
    private static final long DAYS = 30;
    private static final long MOST_DAYS = 3_660;

    private final Services services;
    private final Routing routing;

    HistoryApi(Services services, Routing routing) {
        this.services = services;
        this.routing = routing;
    }

    void history(Context context) throws Exception {
        Requests.takesOnly(context, "since", "limit", "after", "stale");
        String flag = context.pathParam("key");
        long since = Math.max(1, Requests.whole(context, "since", 1));
        int limit = (int) Math.min(Integer.MAX_VALUE, Requests.whole(context, "limit", Integer.MAX_VALUE));
        routing.past(context, past -> {
            long sequence = past.sequence();
            List<Revision> revisions = past.revisions(flag, since - 1, limit).stream()
                    .filter(revision -> revision.recorded().event().sequence() <= sequence)
                    .toList();
            if (revisions.isEmpty() && past.revisions(flag, 0, 1).isEmpty()) {
                throw Requests.neverThere(past, flag, sequence);
            }
            ObjectNode json =
                    TravelJson.history(past.environment(), flag, revisions).put("sequence", sequence);
            Requests.answer(context, past, sequence, json);
        });
    }

    void diff(Context context) throws Exception {
        Requests.takesOnly(context, "from", "to", "after", "stale");
        Cut from = Requests.requiredCut(context, "from");
        Cut to = Objects.requireNonNullElse(Requests.cut(context, "to"), Cut.now());
        routing.past(context, past -> {
            EnvironmentDiff diff = past.travel().diff(from, to);
            long sequence = Math.max(diff.from().sequence(), diff.to().sequence());
            Requests.answer(context, past, sequence, TravelJson.diff(diff));
        });
    }

    void timeline(Context context) throws Exception {
        Requests.takesOnly(context, "user", "org", "admin", "after", "stale");
        String flag = context.pathParam("key");
        Subject subject =
                new Subject(context.queryParam("user"), context.queryParam("org"), Requests.truth(context, "admin"));
        routing.past(context, past -> {
            Timeline timeline = past.travel().timeline(flag, subject);
            if (timeline.intervals().isEmpty() && past.now().flags().get(flag) == null) {
                throw Requests.neverThere(past, flag, timeline.sequence());
            }
            Requests.answer(context, past, timeline.sequence(), TravelJson.timeline(timeline));
        });
    }

    void activity(Context context) throws Exception {
        Requests.takesOnly(context, "from", "to", "after", "stale");
        LocalDate to = Requests.day(context, "to", LocalDate.now(ZoneOffset.UTC));
        LocalDate from = Requests.day(context, "from", to.minusDays(DAYS - 1));
        if (from.isAfter(to) || from.plusDays(MOST_DAYS).isBefore(to)) {
            throw Problem.malformed("the days from %s to %s are none, or more than %d".formatted(from, to, MOST_DAYS))
                    .asException();
        }
        routing.past(context, past -> {
            Activity activity = past.activity(from, to);
            ObjectNode json = LedgerJson.object()
                    .put("environment", past.environment())
                    .put("sequence", activity.sequence())
                    .put("from", from.toString())
                    .put("to", to.toString());
            ArrayNode counts = json.putArray("counts");
            activity.counts()
                    .forEach(count -> counts.addObject()
                            .put("day", count.day().toString())
                            .put("actor", count.actor())
                            .put("kind", count.kind())
                            .put("changes", count.changes()));
            Requests.answer(context, past, activity.sequence(), json);
        });
    }

    void head(Context context) throws Exception {
        Requests.takesOnly(context, "after", "stale");
        routing.past(context, past -> {
            EnvironmentState state = past.now();
            ObjectNode json = LedgerJson.object()
                    .put("environment", past.environment())
                    .put("sequence", state.sequence())
                    .put("at", LedgerJson.time(state.ledgerTime()))
                    .put("digest", state.digest().toString())
                    .put("stateDigest", StateDigest.of(state).toString())
                    .put("lag", lag(past.environment(), state.sequence()));
            Requests.answer(context, past, state.sequence(), json);
        });
    }

    private long lag(String environment, long sequence) throws InterruptedException {
        return Math.max(0, services.flags(environment, 0).state().sequence() - sequence);
    }
}
