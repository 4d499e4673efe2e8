package io.flagledger.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.event.Names;
import io.flagledger.core.json.Fields;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.sdk.Status;
import io.javalin.http.Context;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code …/evaluators}: evaluators tell how they are, and people see it, whichever instance was told. */
final class EvaluatorsApi {
    private final Services services;
    private final Peers peers;
    private final EvaluatorReports reports = new EvaluatorReports(Clock.systemUTC());

    EvaluatorsApi(Services services, Peers peers) {
        this.services = services;
        this.peers = peers;
    }

    void report(Context context) throws InterruptedException {
        Requests.takesOnly(context);
        String environment = Requests.environment(context);
        Fields body = Requests.body(context);
        String id = text(body, "id", body.text("id"));
        Status.State state = body.oneOf("state", Status.State.class);
        long sequence = natural(body, "sequence", body.optionalWhole("sequence"), 0);
        ObjectNode said =
                LedgerJson.object().put("id", id).put("state", state.name()).put("sequence", sequence);
        put(said, body, "stateDigest");
        put(said, body, "lag", -1);
        put(said, body, "silenceMillis", 0);
        put(said, body, "host");
        put(said, body, "version");
        body.end();
        services.flags(environment, 0); // or nobody would ever see it
        said.put("reportedBy", Callers.of(context).subject());
        if (!reports.take(environment, id, said)) {
            throw Problem.of(
                            429,
                            "too-many-evaluators",
                            "Too many evaluators report here",
                            "%d of them report on %s already; an evaluator keeps its id"
                                    .formatted(EvaluatorReports.MOST_IN_AN_ENVIRONMENT, environment))
                    .asException();
        }
        context.status(204);
    }

    void list(Context context) throws InterruptedException {
        Requests.takesOnly(context);
        String environment = Requests.environment(context);
        services.flags(environment, 0);
        Map<String, JsonNode> newest = new TreeMap<>();
        for (EvaluatorReports.Report report : reports.of(environment)) {
            newest.put(
                    report.said().path("id").asText(),
                    report.said().deepCopy().put("reportedAt", LedgerJson.time(report.at())));
        }
        Peers.Gathered others = peers.gather(context, "/api/v1/environments/%s/evaluators".formatted(environment));
        for (JsonNode answer : others.answers()) {
            answer.path("evaluators")
                    .forEach(one -> newest.merge(
                            one.path("id").asText(), one, (here, there) -> isLater(there, here) ? there : here));
        }
        ObjectNode json = LedgerJson.object().put("environment", environment);
        json.set("evaluators", LedgerJson.array(newest.values()));
        InstancesApi.tellSilent(others, json);
        Requests.answer(context, 200, json);
    }

    private static boolean isLater(JsonNode one, JsonNode other) {
        return one.path("reportedAt")
                        .asText()
                        .compareTo(other.path("reportedAt").asText())
                > 0;
    }

    private static void put(ObjectNode said, Fields body, String field) {
        String text = body.optionalText(field);
        if (text != null) {
            said.put(field, text(body, field, text));
        }
    }

    private static void put(ObjectNode said, Fields body, String field, long least) {
        Long number = body.optionalWhole(field);
        if (number != null) {
            said.put(field, natural(body, field, number, least));
        }
    }

    private static String text(Fields body, String field, String text) {
        if (!Names.isId(text)) {
            throw Problem.malformed(
                            "%s: 1 to %d characters are expected".formatted(body.pointer(field), Names.MAX_ID_LENGTH))
                    .asException();
        }
        return text;
    }

    private static long natural(Fields body, String field, @Nullable Long number, long least) {
        if (number == null || number < least) {
            throw Problem.malformed("%s: a whole number from %d is expected".formatted(body.pointer(field), least))
                    .asException();
        }
        return number;
    }
}
