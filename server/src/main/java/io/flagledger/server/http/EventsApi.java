package io.flagledger.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.travel.Cut;
import io.flagledger.projector.AuditPage;
import io.flagledger.projector.AuditQuery;
import io.flagledger.projector.AuditQuery.Order;
import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code GET …/events}: a page of events as JSON, or all that match as lines. */
final class EventsApi {
    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 1_000;
    private static final String[] PARAMETERS = {
        "flag", "actor", "kind", "text", "since", "until", "after", "before", "limit", "order", "format", "atLeast",
        "stale"
    };

    private final Routing routing;

    EventsApi(Routing routing) {
        this.routing = routing;
    }

    void list(Context context) throws Exception {
        Requests.takesOnly(context, PARAMETERS);
        ExportFormat format = ExportFormat.of(context);
        AuditQuery query = query(context);
        routing.past(context, Requests.whole(context, "atLeast", 0), past -> {
            long sequence = past.sequence();
            if (format == ExportFormat.PAGE) {
                page(context, past, query.upTo(sequence), sequence);
            } else {
                Requests.tellPosition(context, past, sequence);
                boolean limited = context.queryParam("limit") != null;
                new EventsExport(past, format, limited ? query.limit() : Long.MAX_VALUE)
                        .answer(context, query.upTo(sequence));
            }
        });
    }

    private static void page(Context context, Past past, AuditQuery query, long sequence) {
        AuditPage page = past.page(query);
        ObjectNode json =
                LedgerJson.object().put("environment", past.environment()).put("sequence", sequence);
        json.set(
                "events",
                LedgerJson.array(page.events().stream().map(LedgerJson::event).toList()));
        if (page.next() != 0) {
            json.put("next", page.next());
            context.header("Link", "<%s>; rel=\"next\"".formatted(next(context, query, page.next())));
        }
        Requests.answer(context, past, sequence, json);
    }

    /** The same request for what comes behind. */
    private static String next(Context context, AuditQuery query, long end) {
        String cursor = query.order() == Order.NEWEST_FIRST ? "before" : "after";
        Stream<Map.Entry<String, String>> same = context.queryParamMap().entrySet().stream()
                .filter(parameter -> !parameter.getKey().equals(cursor))
                .map(parameter ->
                        Map.entry(parameter.getKey(), parameter.getValue().get(0)));
        return context.path() + "?"
                + Stream.concat(same, Stream.of(Map.entry(cursor, String.valueOf(end))))
                        .map(parameter -> parameter.getKey() + "="
                                + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
    }

    private static AuditQuery query(Context context) {
        Cut since = Requests.cut(context, "since");
        Cut until = Requests.cut(context, "until");
        long first = 1 + Requests.whole(context, "after", 0);
        long last = Requests.whole(context, "before", Long.MAX_VALUE) - 1;
        return new AuditQuery(
                context.queryParam("flag"),
                context.queryParam("actor"),
                kind(context.queryParam("kind")),
                context.queryParam("text"),
                since instanceof Cut.AtTime at ? at.time() : Instant.MIN,
                until instanceof Cut.AtTime at ? at.time() : Instant.MAX,
                since instanceof Cut.AtSequence at ? Math.max(first, at.sequence()) : first,
                until instanceof Cut.AtSequence at ? Math.min(last, at.sequence()) : last,
                Requests.oneOf(context, "order", List.of("oldest", "newest")).equals("newest")
                        ? Order.NEWEST_FIRST
                        : Order.OLDEST_FIRST,
                limit(context));
    }

    private static int limit(Context context) {
        long limit = Requests.whole(context, "limit", DEFAULT_LIMIT);
        if (limit == 0) {
            throw Problem.malformed("the query's limit must be 1 or more but is 0")
                    .asException();
        }
        return (int) Math.min(ExportFormat.of(context) == ExportFormat.PAGE ? MAX_LIMIT : Integer.MAX_VALUE, limit);
    }

    /** As a change's JSON has it, or as a command does: {@code StageMoved}, {@code stage-moved}. */
    private static @Nullable String kind(@Nullable String said) {
        if (said == null) {
            return null;
        }
        return LedgerJson.kinds().stream()
                .filter(kind -> kind.equalsIgnoreCase(said.replace("-", "")))
                .findFirst()
                .orElseThrow(() -> Problem.malformed("the query's kind is '%s', which is none of %s"
                                .formatted(said, String.join(", ", LedgerJson.kinds())))
                        .asException());
    }
}
