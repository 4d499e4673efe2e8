package io.flagledger.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.codec.Head;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.json.LedgerJson;
import io.javalin.http.Context;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code GET /environments}, {@code …/flags}, {@code …/flags/{key}} and its history, {@code …/head}. */
final class FlagsApi {
    private final Services services;

    FlagsApi(Services services) {
        this.services = services;
    }

    void environments(Context context) {
        ObjectNode json = LedgerJson.object();
        json.put("default", services.environment());
        json.set(
                "environments",
                LedgerJson.array(services.environments().stream()
                        .map(name -> LedgerJson.object().put("name", name))
                        .toList()));
        Requests.answer(context, 200, json);
    }

    void list(Context context) throws InterruptedException {
        EnvironmentState state = state(context);
        ObjectNode json = LedgerJson.object()
                .put("environment", state.environment())
                .put("sequence", state.sequence())
                .put("at", LedgerJson.time(state.ledgerTime()));
        json.set(
                "flags",
                LedgerJson.array(state.flags().sortedValues().stream()
                        .map(flag -> LedgerJson.flag(state.environment(), flag))
                        .toList()));
        Requests.answer(context, 200, json);
    }

    void one(Context context) throws InterruptedException {
        EnvironmentState state = state(context);
        Requests.answer(context, 200, LedgerJson.flag(state.environment(), flag(state, context.pathParam("key"))));
    }

    void history(Context context) throws InterruptedException {
        EnvironmentState state = state(context);
        FlagState flag = flag(state, context.pathParam("key"));
        ObjectNode json = LedgerJson.object().put("flag", flag.key());
        json.set(
                "events",
                LedgerJson.array(services
                        .history(state.environment())
                        .events(state.environment(), 0, event -> isOf(event, flag.key()), Integer.MAX_VALUE)
                        .stream()
                        .map(LedgerJson::event)
                        .toList()));
        services.tellStopped(state.environment(), json);
        Requests.answer(context, 200, json);
    }

    void head(Context context) throws InterruptedException {
        EnvironmentState state = state(context);
        Optional<Head> projected = services.projector().history().head(state.environment());
        ObjectNode json = LedgerJson.object()
                .put("environment", state.environment())
                .put("sequence", state.sequence())
                .put("at", LedgerJson.time(state.ledgerTime()))
                .put("digest", state.digest().toString())
                .put(
                        "lag",
                        Math.max(
                                0,
                                state.sequence() - projected.map(Head::sequence).orElse(0L)));
        services.tellStopped(state.environment(), json);
        Requests.answer(context, 200, json);
    }

    private EnvironmentState state(Context context) throws InterruptedException {
        return services.flags(Requests.environment(context), Requests.whole(context, "after", 0))
                .state();
    }

    private static boolean isOf(Recorded recorded, String flag) {
        return recorded.event().flag().equals(flag);
    }

    static FlagState flag(EnvironmentState state, String key) {
        @Nullable FlagState flag = state.flags().get(key);
        if (flag == null) {
            throw Problem.notFound("there is no flag '%s' in %s".formatted(key, state.environment()))
                    .asException();
        }
        return flag;
    }
}
