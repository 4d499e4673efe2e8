package io.flagledger.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.projector.AuditPage;
import io.flagledger.projector.AuditQuery;
import io.flagledger.projector.HistoryUnavailableException;
import io.flagledger.projector.Placement;
import io.flagledger.projector.Projector;
import io.flagledger.server.Role;
import io.javalin.http.Context;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers questions about the past: from this instance's stores where it folds the environment, else by the instance that
 * does. A request is handed on to the owner once and no further, so that two instances that each believe the other to be
 * the owner do not play ball with it.
 */
final class Routing {
    private final Services services;
    private final Peers peers;

    Routing(Services services, Peers peers) {
        this.services = services;
        this.peers = peers;
    }

    /** Answers with what is asked for, which may not come before an event. */
    void past(Context context, Answer answer) throws Exception {
        past(context, Requests.whole(context, "after", 0), answer);
    }

    void past(Context context, long atLeast, Answer answer) throws Exception {
        String environment = Requests.environment(context);
        boolean stale = Requests.truth(context, "stale");
        Projector projector = services.projector();
        if (projector == null) {
            askProjector(context);
            return;
        }
        Placement.Place place = projector.placement().of(environment);
        if (place.isHere()) {
            answer.from(
                    stale && !projector.isRunning()
                            ? services.stalePast(environment, atLeast)
                            : past(environment, atLeast));
        } else if (stale && place.isStandbyHere()) {
            answer.from(services.stalePast(environment, atLeast));
        } else if (Hop.of(context) == Hop.TO_OWNER) {
            throw moving("%s is not at %s any more, or not yet"
                    .formatted(environment, services.self().id()));
        } else {
            askOwner(context, environment, place, stale);
        }
    }

    /**
     * Some events behind a sequence, oldest first, each as its JSON.
     *
     * @param wanted a sequence that must be known
     * @param authorization of the one who asks
     */
    List<JsonNode> events(String environment, long after, long wanted, int limit, String authorization)
            throws InterruptedException {
        Projector projector = services.projector();
        String path = "/api/v1/environments/%s/events?after=%d&atLeast=%d&limit=%d"
                .formatted(environment, after, wanted, limit);
        if (projector == null) {
            return fetch(services.self().projectors(), path, Hop.TO_PROJECTOR, authorization);
        }
        Placement.Place place = projector.placement().of(environment);
        if (place.isHere()) {
            AuditPage page = past(environment, wanted)
                    .page(AuditQuery.OLDEST.limit(limit).behind(after));
            return List.copyOf(page.events().stream().map(LedgerJson::event).toList());
        }
        return fetch(
                place.elsewhere().stream()
                        .map(address -> URI.create("http://" + address))
                        .toList(),
                path,
                Hop.TO_OWNER,
                authorization);
    }

    private List<JsonNode> fetch(List<URI> instances, String path, Hop hop, String authorization)
            throws InterruptedException {
        String why = "nobody is known who has them";
        for (URI instance : instances) {
            try {
                List<JsonNode> events = new ArrayList<>();
                peers.fetch(instance, path, hop, authorization).path("events").forEach(events::add);
                return events;
            } catch (SilentPeerException e) {
                why = String.valueOf(e.getMessage());
            }
        }
        throw Problem.unavailable("the events can't be had: " + why).asException();
    }

    private Past past(String environment, long atLeast) throws InterruptedException {
        try {
            return services.past(environment, atLeast);
        } catch (HistoryUnavailableException e) {
            throw moving("%s is being taken over by %s: %s"
                    .formatted(environment, services.self().id(), e.getMessage()));
        }
    }

    private void askOwner(Context context, String environment, Placement.Place place, boolean stale)
            throws InterruptedException {
        List<String> candidates = new ArrayList<>();
        place.elsewhere().ifPresent(candidates::add);
        if (stale) {
            candidates.addAll(place.standbys());
        }
        if (candidates.isEmpty()) {
            throw moving("the instances are just agreeing on who has " + environment);
        }
        String why = "";
        for (String address : candidates) {
            try {
                peers.handOn(context, URI.create("http://" + address), Hop.TO_OWNER);
                return;
            } catch (SilentPeerException e) {
                why = String.valueOf(e.getMessage());
            }
        }
        throw moving("%s; another will take over what it has%s"
                .formatted(
                        why, stale || place.standbys().isEmpty() ? "" : ", and a copy may be asked with stale=true"));
    }

    private void askProjector(Context context) throws InterruptedException {
        if (services.self().projectors().isEmpty() || Hop.of(context) != Hop.NONE) {
            throw services.self().without(Role.PROJECTOR).asException();
        }
        List<String> why = new ArrayList<>();
        for (URI projector : services.self().projectors()) {
            try {
                peers.handOn(context, projector, Hop.TO_PROJECTOR);
                return;
            } catch (SilentPeerException e) {
                why.add(String.valueOf(e.getMessage()));
            }
        }
        throw Problem.unavailable("no projector can be asked: " + String.join("; ", why))
                .asException();
    }

    private static ProblemException moving(String detail) {
        return Problem.of(503, "moving", "The environment moves between instances just now", detail)
                .asException();
    }

    /** What answers a request. */
    interface Answer {
        void from(Past past) throws Exception;
    }
}
