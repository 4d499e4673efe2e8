package io.flagledger.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.codec.StateDigest;
import io.flagledger.core.event.Names;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.projector.HistoryUnavailableException;
import io.flagledger.projector.Projector;
import io.flagledger.server.auth.Caller;
import io.flagledger.server.auth.CallerRole;
import io.javalin.http.Context;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code GET /instances}: all instances, and how far each has come with what it holds, whoever is asked. */
final class InstancesApi {
    private final Services services;
    private final Peers peers;

    InstancesApi(Services services, Peers peers) {
        this.services = services;
        this.peers = peers;
    }

    void list(Context context) throws InterruptedException {
        Requests.takesOnly(context, "environment");
        @Nullable String only = context.queryParam("environment");
        if (only != null && !Names.isEnvironment(only)) {
            throw Problem.malformed("an environment can't be called '%s': its name must match %s"
                            .formatted(only, Names.ENVIRONMENT_FORM))
                    .asException();
        }
        Map<String, JsonNode> instances = new TreeMap<>();
        if (only != null) {
            Callers.require(context, CallerRole.VIEWER, only);
        }
        instances.put(services.self().address(), here(only, Callers.of(context)));
        Peers.Gathered others =
                peers.gather(context, "/api/v1/instances" + (only == null ? "" : "?environment=" + only));
        for (JsonNode answer : others.answers()) {
            answer.path("instances")
                    .forEach(instance ->
                            instances.putIfAbsent(instance.path("address").asText(), instance));
        }
        ObjectNode json = LedgerJson.object();
        json.set("instances", LedgerJson.array(instances.values()));
        tellSilent(others, json);
        Requests.answer(context, 200, json);
    }

    /** Adds who did not answer, so that nobody takes a part for the whole. */
    static void tellSilent(Peers.Gathered others, ObjectNode json) {
        if (!others.silent().isEmpty()) {
            ArrayNode silent = json.putArray("silent");
            others.silent()
                    .forEach((address, why) ->
                            silent.addObject().put("address", address).put("problem", why));
        }
    }

    private ObjectNode here(@Nullable String only, Caller caller) throws InterruptedException {
        Self self = services.self();
        Projector projector = services.projector();
        ObjectNode json = LedgerJson.object().put("id", self.id()).put("address", self.address());
        ArrayNode roles = json.putArray("roles");
        self.roleNames().forEach(roles::add);
        json.put("state", projector == null ? "RUNNING" : projector.state());
        ArrayNode held = json.putArray("environments");
        if (projector != null) {
            try {
                SortedSet<String> names = projector.staleHistory().environments();
                for (String name : names) {
                    if ((only == null || only.equals(name)) && caller.may(CallerRole.VIEWER, name)) {
                        held.add(held(projector, name));
                    }
                }
            } catch (HistoryUnavailableException e) {
                json.put("problem", e.getMessage());
            }
        }
        return json;
    }

    private ObjectNode held(Projector projector, String environment) throws InterruptedException {
        boolean active = projector.placement().of(environment).isHere();
        Past past = new Past(environment, active ? projector.history() : projector.staleHistory(), !active);
        EnvironmentState state = past.now();
        long known = services.flags(environment, 0).state().sequence();
        ObjectNode json = LedgerJson.object()
                .put("environment", environment)
                .put("role", active ? "ACTIVE" : "STANDBY")
                .put("sequence", state.sequence())
                .put("lag", Math.max(0, known - state.sequence()))
                .put("digest", state.digest().toString())
                .put("stateDigest", StateDigest.of(state).toString());
        past.stopped().ifPresent(why -> json.put("stopped", why));
        return json;
    }
}
