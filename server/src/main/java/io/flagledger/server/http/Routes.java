package io.flagledger.server.http;

import static io.flagledger.server.auth.CallerRole.EVALUATOR;
import static io.flagledger.server.auth.CallerRole.KILLER;
import static io.flagledger.server.auth.CallerRole.VIEWER;
import static io.flagledger.server.http.Callers.needs;

import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.server.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;

/** What is served where, and the role that it takes. */
final class Routes {
    private static final String EXPOSITION = "text/plain; version=0.0.4; charset=utf-8";
    private static final String API = "/api/v1";
    private static final String ENVIRONMENTS = API + "/environments";
    private static final String ENVIRONMENT = ENVIRONMENTS + "/{environment}";
    private static final String FLAG = ENVIRONMENT + "/flags/{key}";

    private final Services services;
    private final Feed feed;
    private final RateLimit limit;
    private final Peers peers;
    private final Routing routing;

    Routes(Services services, Feed feed, RateLimit limit) {
        this.limit = limit;
        this.services = services;
        this.feed = feed;
        this.peers = new Peers(services);
        this.routing = new Routing(services, peers);
    }

    void add(RoutesConfig routes) {
        Callers callers = new Callers(services.authenticator(), limit);
        routes.before("/api/*", callers::authenticate);
        routes.get(Callers.SIGN_IN, callers::signIn);
        routes.get(API + "/me", callers::me);
        routes.get(API + "/instances", needs(VIEWER, new InstancesApi(services, peers)::list));
        flags(routes);
        past(routes);
        changes(routes);
        proofs(routes);
        OpenApi description = OpenApi.load();
        routes.get("/openapi.json", description::show);
        HealthApi health = new HealthApi(services);
        routes.get("/healthz", health::alive);
        routes.get("/readyz", health::ready);
        routes.get(
                "/metrics",
                context -> context.contentType(EXPOSITION)
                        .result(services.metrics().scrape()));
    }

    private void flags(RoutesConfig routes) {
        FlagsApi flags = new FlagsApi(services, routing, peers);
        routes.get(ENVIRONMENTS, needs(EVALUATOR, flags::environments));
        routes.get(ENVIRONMENT + "/flags", needs(VIEWER, flags::list));
        routes.get(FLAG, needs(VIEWER, flags::one));
        EvaluationsApi evaluations = new EvaluationsApi(services, routing);
        routes.post(ENVIRONMENT + "/evaluations", needs(EVALUATOR, ifHere(Role.GATEWAY, evaluations::evaluate)));
        if (services.self().has(Role.GATEWAY)) {
            routes.get(ENVIRONMENT + "/flagd", needs(EVALUATOR, new FlagdApi(services)::snapshot));
            AdmissionsApi admissions = new AdmissionsApi(services);
            routes.post(ENVIRONMENT + "/admissions", needs(EVALUATOR, admissions::admit));
            routes.get(ENVIRONMENT + "/admission-keys", needs(EVALUATOR, admissions::publish));
        }
        EvaluatorsApi evaluators = new EvaluatorsApi(services, peers);
        routes.post(ENVIRONMENT + "/evaluators", needs(EVALUATOR, evaluators::report));
        routes.get(ENVIRONMENT + "/evaluators", needs(VIEWER, evaluators::list));
    }

    private void past(RoutesConfig routes) {
        HistoryApi history = new HistoryApi(services, routing);
        routes.get(FLAG + "/history", needs(VIEWER, history::history));
        routes.get(FLAG + "/timeline", needs(VIEWER, history::timeline));
        routes.get(ENVIRONMENT + "/diff", needs(VIEWER, history::diff));
        routes.get(ENVIRONMENT + "/activity", needs(VIEWER, history::activity));
        routes.get(ENVIRONMENT + "/head", needs(VIEWER, history::head));
        routes.get(ENVIRONMENT + "/events", needs(VIEWER, new EventsApi(routing)::list));
        LifeApi life = new LifeApi(routing);
        routes.get(FLAG + "/series", needs(VIEWER, life::series));
        routes.get(ENVIRONMENT + "/marks", needs(VIEWER, life::marks));
    }

    private void changes(RoutesConfig routes) {
        routes.post(ENVIRONMENT + "/preview", needs(VIEWER, new PreviewApi(services, routing)::preview));
        LedgerWriter writer = services.writer();
        if (writer != null) {
            routes.post(
                    ENVIRONMENT + "/changes",
                    needs(KILLER, new ChangesApi(writer, services.live(), services.metrics())::append));
            routes.before(ENVIRONMENT + "/feed", needs(VIEWER, feed::check));
            routes.sse(ENVIRONMENT + "/feed", feed::open);
        } else {
            Handler elsewhere = ifHere(Role.CONSOLE, context -> {});
            routes.post(ENVIRONMENT + "/changes", needs(KILLER, elsewhere));
            routes.get(ENVIRONMENT + "/feed", needs(VIEWER, elsewhere));
        }
    }

    private void proofs(RoutesConfig routes) {
        ProofsApi proofs = new ProofsApi(services);
        routes.get(ENVIRONMENT + "/verification", needs(VIEWER, proofs::verification));
        routes.get(ENVIRONMENT + "/checkpoint", needs(VIEWER, proofs::checkpoint));
    }

    private Handler ifHere(Role role, Handler handler) {
        return services.self().has(role)
                ? handler
                : context -> services.self().without(role).answer(context);
    }
}
