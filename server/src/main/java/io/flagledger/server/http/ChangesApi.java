package io.flagledger.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.json.Fields;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.kafka.AppendOptions;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.server.LiveEnvironments;
import io.javalin.http.Context;
import java.util.List;

/** {@code POST …/changes}. */
final class ChangesApi {
    private final LedgerWriter writer;
    private final LiveEnvironments live;

    ChangesApi(LedgerWriter writer, LiveEnvironments live) {
        this.writer = writer;
        this.live = live;
    }

    void append(Context context) {
        String environment = Requests.environment(context);
        Fields body = Requests.body(context);
        JsonNode actor = body.any("actor");
        String reason = body.textOr("reason", "");
        AppendOptions options = AppendOptions.DEFAULT
                .withChangeId(body.optionalText("changeId"))
                .withExpectedRevision(body.optionalWhole("expectedRevision"));
        List<Change> changes = body.list("changes", LedgerJson::readChange);
        body.end();
        AppendResult result = writer.append(
                environment,
                actor == null ? Actor.human(System.getProperty("user.name")) : LedgerJson.readActor(actor, "/actor"),
                reason,
                changes,
                options);
        if (result instanceof AppendResult.Accepted accepted) {
            live.follow(environment);
            ObjectNode json = LedgerJson.object();
            json.set(
                    "events",
                    LedgerJson.array(
                            accepted.events().stream().map(LedgerJson::event).toList()));
            json.put("sequence", accepted.sequence());
            Requests.answer(context, accepted.replayed() ? 200 : 201, json);
        } else if (result instanceof AppendResult.Refused refused) {
            Problem.refused(refused.refusal(), refused.since()).answer(context);
        }
    }
}
