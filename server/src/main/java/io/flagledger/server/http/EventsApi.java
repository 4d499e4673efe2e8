package io.flagledger.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.json.LedgerJson;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/** {@code GET …/events?flag&actor&kind&since&until&after&limit}: oldest first, a page at a time. */
final class EventsApi {
    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 1_000;

    private final Services services;

    EventsApi(Services services) {
        this.services = services;
    }

    void list(Context context) throws InterruptedException {
        String environment = Requests.environment(context);
        int limit = (int) Math.min(MAX_LIMIT, Requests.whole(context, "limit", DEFAULT_LIMIT));
        List<Recorded> events = services.history(environment)
                .events(environment, Requests.whole(context, "after", 0), matching(context), limit);
        ObjectNode json = LedgerJson.object().put("environment", environment);
        json.set(
                "events",
                LedgerJson.array(events.stream().map(LedgerJson::event).toList()));
        if (limit > 0 && events.size() == limit) {
            json.put("next", events.get(events.size() - 1).event().sequence());
        }
        services.tellStopped(environment, json);
        Requests.answer(context, 200, json);
    }

    private static Predicate<Recorded> matching(Context context) {
        String flag = context.queryParam("flag");
        String actor = context.queryParam("actor");
        String kind = context.queryParam("kind");
        Instant since = Requests.time(context, "since");
        Instant until = Requests.time(context, "until");
        return recorded -> {
            Event event = recorded.event();
            return (flag == null || flag.equals(event.flag()))
                    && (actor == null || actor.equals(event.actor().id()))
                    && (kind == null || kind.equals(LedgerJson.kind(event.change())))
                    && (since == null || !recorded.appendedAt().isBefore(since))
                    && (until == null || recorded.appendedAt().isBefore(until));
        };
    }
}
