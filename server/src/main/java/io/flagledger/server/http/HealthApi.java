package io.flagledger.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.sdk.Status;
import io.javalin.http.Context;

/** {@code /healthz}: the process lives. {@code /readyz}: it can answer, or what it waits for. */
final class HealthApi {
    private final Services services;

    HealthApi(Services services) {
        this.services = services;
    }

    void alive(Context context) {
        Requests.answer(context, 200, LedgerJson.object().put("status", "alive"));
    }

    void ready(Context context) {
        Status evaluator = services.live().follow(services.environment()).status();
        boolean ready = evaluator.state() != Status.State.STARTING
                && (services.projector() == null || services.projector().isRunning());
        ObjectNode json = LedgerJson.object().put("status", ready ? "ready" : "not ready");
        ObjectNode told = json.putObject("evaluator")
                .put("environment", services.environment())
                .put("state", evaluator.state().name())
                .put("sequence", evaluator.sequence())
                .put("silenceMillis", evaluator.silence().toMillis());
        if (evaluator.problem() != null) {
            told.put("problem", evaluator.problem());
        }
        if (services.projector() != null) {
            json.putObject("projector").put("state", services.projector().state());
        }
        Requests.answer(context, ready ? 200 : 503, json);
    }
}
