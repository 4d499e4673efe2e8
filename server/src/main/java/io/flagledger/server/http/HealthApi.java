package io.flagledger.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.projector.Projector;
import io.flagledger.sdk.Status;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;

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
        Projector projector = services.projector();
        List<String> missing = new ArrayList<>();
        if (evaluator.state() == Status.State.STARTING) {
            missing.add("the flags of %s are not known yet%s"
                    .formatted(services.environment(), evaluator.problem() == null ? "" : ": " + evaluator.problem()));
        }
        if (projector != null && !projector.isRunning()) {
            missing.add("the projector does not run yet; it is " + projector.state());
        }
        ObjectNode json = LedgerJson.object().put("status", missing.isEmpty() ? "ready" : "not ready");
        if (!missing.isEmpty()) {
            missing.forEach(json.putArray("missing")::add);
        }
        ObjectNode told = json.putObject("evaluator")
                .put("environment", services.environment())
                .put("state", evaluator.state().name())
                .put("sequence", evaluator.sequence())
                .put("silenceMillis", evaluator.silence().toMillis());
        if (evaluator.problem() != null) {
            told.put("problem", evaluator.problem());
        }
        if (projector != null) {
            json.putObject("projector").put("state", projector.state());
        }
        Requests.answer(context, missing.isEmpty() ? 200 : 503, json);
    }
}
