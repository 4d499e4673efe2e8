package io.flagledger.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Reason;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.json.Fields;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.travel.Cut;
import io.flagledger.sdk.FlagLedger;
import io.javalin.http.Context;

/** {@code POST …/evaluations {flag?, context?, at?}}: one decision, or those of all flags from one cut. */
final class EvaluationsApi {
    private final Services services;
    private final Routing routing;

    EvaluationsApi(Services services, Routing routing) {
        this.services = services;
        this.routing = routing;
    }

    void evaluate(Context context) throws Exception {
        Requests.takesOnly(context, "after", "stale");
        String environment = Requests.environment(context);
        Fields body = Requests.body(context);
        String flag = body.optionalText("flag");
        JsonNode asked = body.any("context");
        JsonNode at = body.any("at");
        body.end();
        Subject subject = asked == null ? Subject.anonymous() : LedgerJson.readSubject(asked, "/context");
        if (at != null) {
            Cut cut = Requests.cut("/at", at.asText());
            routing.past(context, past -> {
                if (flag == null) {
                    EnvironmentState state = past.travel().at(cut);
                    Requests.tellPosition(context, past, state.sequence());
                    answerAll(context, CompiledEnvironment.of(state), subject, past.stale());
                    return;
                }
                Decision decision = past.travel().decisionAt(flag, subject, cut);
                if (decision.reason() == Reason.UNKNOWN_FLAG) {
                    throw Problem.notFound("there was no flag '%s' in %s at sequence %d"
                                    .formatted(flag, environment, decision.sequence()))
                            .asException();
                }
                Requests.answer(context, past, decision.sequence(), LedgerJson.decision(decision));
            });
            return;
        }
        FlagLedger flags = services.flags(environment, Requests.whole(context, "after", 0));
        CompiledEnvironment view = flags.view();
        context.header(Requests.SEQUENCE, String.valueOf(view.state().sequence()));
        boolean stale = flags.isStale();
        if (flag != null) {
            FlagsApi.flag(view.state(), flag);
            Requests.answer(context, 200, LedgerJson.decision(counted(environment, view.decide(flag, subject, stale))));
        } else {
            answerAll(context, view, subject, stale);
        }
    }

    private void answerAll(Context context, CompiledEnvironment view, Subject subject, boolean stale) {
        ObjectNode json = LedgerJson.object()
                .put("environment", view.state().environment())
                .put("sequence", view.state().sequence())
                .put("at", LedgerJson.time(view.state().ledgerTime()));
        json.set(
                "decisions",
                LedgerJson.array(view.state().flags().sortedKeys().stream()
                        .map(key -> LedgerJson.decision(
                                counted(view.state().environment(), view.decide(key, subject, stale))))
                        .toList()));
        Requests.answer(context, 200, json);
    }

    private Decision counted(String environment, Decision decision) {
        services.metrics().decided("http", environment, decision);
        return decision;
    }
}
