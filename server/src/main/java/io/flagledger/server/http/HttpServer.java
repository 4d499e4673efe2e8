package io.flagledger.server.http;

import static io.flagledger.server.auth.CallerRole.EVALUATOR;
import static io.flagledger.server.auth.CallerRole.KILLER;
import static io.flagledger.server.auth.CallerRole.VIEWER;
import static io.flagledger.server.http.Callers.needs;

import io.flagledger.core.json.MalformedException;
import io.flagledger.core.kafka.KafkaUnavailableException;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.core.kafka.StoppedException;
import io.flagledger.core.travel.NoSuchPositionException;
import io.flagledger.projector.HistoryUnavailableException;
import io.flagledger.sdk.NotReadyException;
import io.flagledger.server.Role;
import io.flagledger.server.ServerConfig;
import io.flagledger.server.ServerStartException;
import io.flagledger.server.auth.IssuerSilentException;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.staticfiles.Location;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin API, evaluations, the feed and the console over HTTP. */
public final class HttpServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.http");
    private static final String API = "/api/v1/environments";
    private static final String EXPOSITION = "text/plain; version=0.0.4; charset=utf-8";
    private static final long MAX_REQUEST_BYTES = 4L << 20;
    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private final ServerSocketChannel listening;
    private final boolean loopback;
    private @Nullable Feed feed;
    private @Nullable OfrepApi ofrep;
    private @Nullable Javalin javalin;

    private HttpServer(ServerSocketChannel listening, boolean loopback) {
        this.listening = listening;
        this.loopback = loopback;
    }

    /** Starts to answer. */
    public void serve(Services services, ServerConfig.Edge edge) {
        Peers peers = new Peers(services);
        Routing routing = new Routing(services, peers);
        ConsolePage page = ConsolePage.load();
        Feed told = new Feed(services, routing);
        feed = told;
        OfrepApi remote = services.self().has(Role.GATEWAY) ? OfrepApi.of(services, edge) : null;
        ofrep = remote;
        Set<String> names = new TreeSet<>(LOOPBACK_NAMES);
        names.add(withoutPort(services.self().address()));
        javalin = Javalin.create(config -> {
            config.jetty.addConnector(this::connector);
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.http.maxRequestSize = MAX_REQUEST_BYTES;
            config.http.prefer405over404 = true;
            Traffic traffic = new Traffic(services.metrics());
            config.routes.before(traffic::begin);
            config.routes.after(traffic::end);
            config.routes.before(context -> harden(context, page.contentSecurityPolicy()));
            config.routes.before(
                    context -> context.header(Requests.INSTANCE, services.self().id()));
            if (loopback) {
                config.routes.before(context -> refuseForeignNames(context, names));
            }
            if (services.self().has(Role.CONSOLE)) {
                config.staticFiles.enableWebjars();
                config.staticFiles.add("/console", Location.CLASSPATH);
                ConsolePage.ADDRESSES.forEach(
                        address -> config.routes.get(address, context -> context.html(page.html())));
            }
            Callers callers = new Callers(services.authenticator());
            config.routes.before("/api/*", callers::authenticate);
            config.routes.get(Callers.SIGN_IN, callers::signIn);
            config.routes.get("/api/v1/me", callers::me);
            api(config.routes, services, routing, peers);
            changes(config.routes, services, told);
            if (remote != null) {
                remote.mount(config.routes);
            }
            errors(config.routes);
        });
        javalin.start();
    }

    /**
     * Takes the port, and keeps those who ask waiting until {@link #serve}.
     *
     * @param port 0 takes a free one
     * @throws ServerStartException if the port is taken
     */
    public static HttpServer bind(String host, int port) {
        try {
            InetAddress address = InetAddress.getByName(host);
            ServerSocketChannel listening = ServerSocketChannel.open();
            try {
                listening.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                listening.bind(new InetSocketAddress(address, port));
                return new HttpServer(listening, address.isLoopbackAddress());
            } catch (IOException e) {
                listening.close();
                throw e;
            }
        } catch (UnknownHostException e) {
            throw new ServerStartException("there is no address '%s' to listen on".formatted(host), e);
        } catch (IOException e) {
            throw new ServerStartException(
                    "can't listen on port %d of %s: stop the program that holds it, or choose another port with --http-port (%s)"
                            .formatted(port, host, message(e)),
                    e);
        }
    }

    /** The port listened on. */
    public int port() {
        return listening.socket().getLocalPort();
    }

    private Connector connector(Server server, HttpConfiguration http) {
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        try {
            connector.open(listening);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return connector;
    }

    private static void api(RoutesConfig routes, Services services, Routing routing, Peers peers) {
        FlagsApi flags = new FlagsApi(services, routing, peers);
        HistoryApi history = new HistoryApi(services, routing);
        HealthApi health = new HealthApi(services);
        routes.get("/api/v1/instances", needs(VIEWER, new InstancesApi(services, peers)::list));
        routes.get(API, needs(EVALUATOR, flags::environments));
        routes.get(API + "/{environment}/flags", needs(VIEWER, flags::list));
        routes.get(API + "/{environment}/flags/{key}", needs(VIEWER, flags::one));
        routes.get(API + "/{environment}/flags/{key}/history", needs(VIEWER, history::history));
        routes.get(API + "/{environment}/flags/{key}/timeline", needs(VIEWER, history::timeline));
        LifeApi life = new LifeApi(routing);
        routes.get(API + "/{environment}/flags/{key}/series", needs(VIEWER, life::series));
        routes.get(API + "/{environment}/marks", needs(VIEWER, life::marks));
        routes.get(API + "/{environment}/diff", needs(VIEWER, history::diff));
        routes.get(API + "/{environment}/activity", needs(VIEWER, history::activity));
        routes.get(API + "/{environment}/head", needs(VIEWER, history::head));
        routes.get(API + "/{environment}/events", needs(VIEWER, new EventsApi(routing)::list));
        if (services.self().has(Role.GATEWAY)) {
            routes.get(API + "/{environment}/flagd", needs(EVALUATOR, new FlagdApi(services)::snapshot));
            routes.post(
                    API + "/{environment}/evaluations",
                    needs(EVALUATOR, new EvaluationsApi(services, routing)::evaluate));
            AdmissionsApi admissions = new AdmissionsApi(services);
            routes.post(API + "/{environment}/admissions", needs(EVALUATOR, admissions::admit));
            routes.get(API + "/{environment}/admission-keys", needs(EVALUATOR, admissions::publish));
        } else {
            routes.post(
                    API + "/{environment}/evaluations",
                    needs(
                            EVALUATOR,
                            context -> services.self().without(Role.GATEWAY).answer(context)));
        }
        routes.get("/healthz", health::alive);
        routes.get("/readyz", health::ready);
        routes.get(
                "/metrics",
                context -> context.contentType(EXPOSITION)
                        .result(services.metrics().scrape()));
    }

    private static void changes(RoutesConfig routes, Services services, Feed feed) {
        Self self = services.self();
        LedgerWriter writer = services.writer();
        if (writer != null) {
            routes.post(
                    API + "/{environment}/changes",
                    needs(KILLER, new ChangesApi(writer, services.live(), services.metrics())::append));
            routes.before(API + "/{environment}/feed", needs(VIEWER, feed::check));
            routes.sse(API + "/{environment}/feed", feed::open);
        } else {
            routes.post(
                    API + "/{environment}/changes",
                    needs(KILLER, context -> self.without(Role.CONSOLE).answer(context)));
            routes.get(
                    API + "/{environment}/feed",
                    needs(VIEWER, context -> self.without(Role.CONSOLE).answer(context)));
        }
    }

    private static void errors(RoutesConfig routes) {
        routes.exception(ProblemException.class, (e, context) -> e.problem().answer(context));
        routes.exception(
                MalformedException.class,
                (e, context) -> Problem.malformed(message(e)).answer(context));
        routes.exception(
                KafkaUnavailableException.class,
                (e, context) -> Problem.unavailable(message(e)).answer(context));
        routes.exception(
                HistoryUnavailableException.class,
                (e, context) -> Problem.unavailable(message(e)).answer(context));
        routes.exception(
                NoSuchPositionException.class,
                (e, context) -> Problem.of(404, "no-such-position", "The ledger has not come so far", message(e))
                        .answer(context));
        routes.exception(
                IssuerSilentException.class,
                (e, context) -> Problem.unavailable(message(e)).answer(context));
        routes.exception(
                NotReadyException.class,
                (e, context) -> Problem.unavailable(message(e)).answer(context));
        routes.exception(
                StoppedException.class,
                (e, context) -> Problem.of(500, "stopped", "The ledger can't be read to its end", message(e))
                        .answer(context));
        routes.exception(HttpResponseException.class, (e, context) -> refuse(e, context));
        routes.exception(Exception.class, (e, context) -> {
            String id = Traffic.id();
            log.error("request {} {} failed ({})", context.method(), context.path(), id, e);
            Problem.of(500, "internal", "Something went wrong here", "the server's log tells more under " + id)
                    .answer(context);
        });
    }

    private static void refuse(HttpResponseException e, Context context) {
        String asked = context.method() + " " + context.path();
        switch (e.getStatus()) {
            case 404 ->
                Problem.notFound("there is nothing to be had by " + asked).answer(context);
            case 405 ->
                Problem.of(405, "method-not-allowed", "Not by this method", asked + " is not served; other methods are")
                        .answer(context);
            default ->
                Problem.of(e.getStatus(), "http-" + e.getStatus(), "The request can't be served", message(e))
                        .answer(context);
        }
    }

    private static void harden(Context context, String contentSecurityPolicy) {
        context.header("Content-Security-Policy", contentSecurityPolicy);
        context.header("X-Content-Type-Options", "nosniff");
        context.header("Referrer-Policy", "no-referrer");
        if (context.path().startsWith("/api/")) {
            context.header("Cache-Control", "no-store");
        } else if (context.path().startsWith("/webjars/")) {
            context.header("Cache-Control", "public, max-age=31536000, immutable"); // the version is in the path
        }
    }

    /** A page of another site that has its own name resolved to this machine must not get in (DNS rebinding). */
    private static void refuseForeignNames(Context context, Set<String> names) {
        String host = withoutPort(String.valueOf(context.host()));
        if (!names.contains(host)) {
            throw Problem.of(
                            403,
                            "foreign-host",
                            "This server is for this machine only",
                            "it answers to %s, not to '%s'".formatted(names, host))
                    .asException();
        }
    }

    private static String withoutPort(String address) {
        return address.replaceFirst(":\\d+$", "");
    }

    private static String message(Exception e) {
        return String.valueOf(e.getMessage());
    }

    @Override
    public void close() {
        if (feed != null) {
            feed.close();
            feed = null;
        }
        if (ofrep != null) {
            ofrep.close();
            ofrep = null;
        }
        if (javalin != null) {
            javalin.stop();
            javalin = null;
        }
        try {
            listening.close();
        } catch (IOException e) {
            log.warn("closing {} failed", listening, e);
        }
    }
}
