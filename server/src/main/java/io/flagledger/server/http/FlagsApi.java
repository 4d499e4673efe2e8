package io.flagledger.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.json.TravelJson;
import io.flagledger.core.travel.Cut;
import io.flagledger.server.auth.Caller;
import io.flagledger.server.auth.CallerRole;
import io.javalin.http.Context;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** {@code GET /environments}, {@code …/flags} and {@code …/flags/{key}}, as they are or, with {@code at}, as they were. */
final class FlagsApi {
    private final Services services;
    private final Routing routing;
    private final Peers peers;

    FlagsApi(Services services, Routing routing, Peers peers) {
        this.services = services;
        this.routing = routing;
        this.peers = peers;
    }

    void environments(Context context) {
        Requests.takesOnly(context);
        SortedSet<String> names = services.environments();
        Peers.Gathered others = peers.gather(context, "/api/v1/environments");
        for (JsonNode answer : others.answers()) {
            answer.path("environments")
                    .forEach(one -> names.add(one.path("name").asText()));
        }
        Caller caller = Callers.of(context);
        ObjectNode json = LedgerJson.object();

        names.removeIf(name -> !caller.may(CallerRole.EVALUATOR, name));
        if (!names.isEmpty()) {
            json.put("default", names.contains(services.environment()) ? services.environment() : names.first());
        }
        json.set(
                "environments",
                LedgerJson.array(names.stream()
                        .map(name -> LedgerJson.object().put("name", name))
                        .toList()));
        InstancesApi.tellSilent(others, json);
        Requests.answer(context, 200, json);
    }

    void list(Context context) throws Exception {
        state(context, state -> Requests.answerOnce(context, state, () -> TravelJson.state(state)));
    }

    void one(Context context) throws Exception {
        String key = context.pathParam("key");
        state(context, state -> {
            FlagState flag = flag(state, key);
            Requests.answerOnce(context, state, () -> LedgerJson.flag(state.environment(), flag));
        });
    }

    /** As they are, which every instance knows, or as they were. */
    private void state(Context context, StateAnswer answer) throws Exception {
        Requests.takesOnly(context, "at", "after", "stale");
        Cut at = Requests.cut(context, "at");
        if (at == null) {
            answer.from(services.flags(Requests.environment(context), Requests.whole(context, "after", 0))
                    .state());
            return;
        }
        routing.past(context, past -> {
            EnvironmentState state = past.travel().at(at);
            Requests.tellPosition(context, past, state.sequence());
            answer.from(state);
        });
    }

    static FlagState flag(EnvironmentState state, String key) {
        @Nullable FlagState flag = state.flags().get(key);
        if (flag == null) {
            throw Problem.notFound("there is no flag '%s' in %s at sequence %d"
                            .formatted(key, state.environment(), state.sequence()))
                    .asException();
        }
        return flag;
    }

    private interface StateAnswer {
        void from(EnvironmentState state);
    }
}
