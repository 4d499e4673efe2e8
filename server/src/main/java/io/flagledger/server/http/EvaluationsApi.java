package io.flagledger.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.json.Fields;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.sdk.FlagLedger;
import io.javalin.http.Context;

/** {@code POST …/evaluations {flag?, context?}}: one decision, or those of all flags from one cut. */
final class EvaluationsApi {
    private final Services services;

    EvaluationsApi(Services services) {
        this.services = services;
    }

    void evaluate(Context context) throws InterruptedException {
        String environment = Requests.environment(context);
        Fields body = Requests.body(context);
        String flag = body.optionalText("flag");
        JsonNode asked = body.any("context");
        body.end();
        Subject subject = asked == null ? Subject.anonymous() : LedgerJson.readSubject(asked, "/context");
        FlagLedger flags = services.flags(environment, Requests.whole(context, "after", 0));
        CompiledEnvironment view = flags.view();
        boolean stale = flags.isStale();
        if (flag != null) {
            FlagsApi.flag(view.state(), flag);
            Requests.answer(context, 200, LedgerJson.decision(view.decide(flag, subject, stale)));
            return;
        }
        ObjectNode json = LedgerJson.object()
                .put("environment", environment)
                .put("sequence", view.state().sequence())
                .put("at", LedgerJson.time(view.state().ledgerTime()));
        json.set(
                "decisions",
                LedgerJson.array(view.state().flags().sortedKeys().stream()
                        .map(key -> LedgerJson.decision(view.decide(key, subject, stale)))
                        .toList()));
        Requests.answer(context, 200, json);
    }
}
