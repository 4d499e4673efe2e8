package io.flagledger.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.json.Fields;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.kafka.AppendOptions;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaUnavailableException;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.server.LiveEnvironments;
import io.flagledger.server.auth.Caller;
import io.flagledger.server.auth.CallerRole;
import io.flagledger.server.metrics.ServerMetrics;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST …/changes}. */
final class ChangesApi {
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.changes");

    private final LedgerWriter writer;
    private final LiveEnvironments live;
    private final ServerMetrics metrics;

    ChangesApi(LedgerWriter writer, LiveEnvironments live, ServerMetrics metrics) {
        this.writer = writer;
        this.live = live;
        this.metrics = metrics;
    }

    void append(Context context) {
        Requests.takesOnly(context);
        String environment = Requests.environment(context);
        Fields body = Requests.body(context);
        Actor actor = actor(Callers.of(context), body.any("actor"), body.optionalText("onBehalfOf"));
        String reason = body.textOr("reason", "");
        AppendOptions options = AppendOptions.DEFAULT
                .withChangeId(body.optionalText("changeId"))
                .withExpectedRevision(body.optionalWhole("expectedRevision"));
        List<Change> changes = body.list("changes", LedgerJson::readChange);
        body.end();
        if (!changes.stream().allMatch(Change.KillSwitchEngaged.class::isInstance)) {
            Callers.require(context, CallerRole.EDITOR, environment);
        }
        AppendResult result = append(environment, actor, reason, changes, options);
        context.header(Requests.SEQUENCE, String.valueOf(result.sequence()));
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

    /** The caller, whatever the body says; one that names somebody else is told, or it would be believed to have had its way. */
    static Actor actor(Caller caller, @Nullable JsonNode said, @Nullable String onBehalfOf) {
        if (said != null) {
            Actor named = LedgerJson.readActor(said, "/actor");
            boolean kindSaid = said.hasNonNull("kind");
            if (!named.id().equals(caller.subject())
                    || (kindSaid && named.kind() != caller.kind())
                    || named.onBehalfOf() != null) {
                throw Problem.malformed(
                                "/actor: the actor is the one whose token is sent, %s (%s): leave the field out, and name whom it is done for in 'onBehalfOf'"
                                        .formatted(caller.subject(), caller.kind()))
                        .asException();
            }
        }
        return onBehalfOf == null ? caller.actor() : caller.actor().onBehalfOf(onBehalfOf);
    }

    private AppendResult append(
            String environment, Actor actor, String reason, List<Change> changes, AppendOptions options) {
        long began = System.nanoTime();
        AppendResult result;
        try {
            result = writer.append(environment, actor, reason, changes, options);
        } catch (KafkaUnavailableException e) {
            metrics.outcomeUnknown();
            log.warn("whether a change of {} by {} was made is not known: {}", environment, actor, e.getMessage());
            throw e;
        }
        metrics.appended(environment, result, Duration.ofNanos(System.nanoTime() - began));
        if (result instanceof AppendResult.Accepted accepted) {
            log.atInfo()
                    .addKeyValue("environment", environment)
                    .addKeyValue("sequence", accepted.sequence())
                    .addKeyValue("changeId", accepted.events().get(0).event().changeId())
                    .addKeyValue("actor", actor)
                    .log(accepted.replayed() ? "change was accepted before" : "change accepted");
        } else if (result instanceof AppendResult.Refused refused) {
            log.atInfo()
                    .addKeyValue("environment", environment)
                    .addKeyValue("kind", refused.refusal().kind())
                    .addKeyValue("actor", actor)
                    .log("change refused");
        }
        return result;
    }
}
