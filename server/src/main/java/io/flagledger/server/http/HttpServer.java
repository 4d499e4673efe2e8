package io.flagledger.server.http;

import io.flagledger.core.json.MalformedException;
import io.flagledger.core.kafka.KafkaUnavailableException;
import io.flagledger.core.kafka.StoppedException;
import io.flagledger.projector.HistoryUnavailableException;
import io.flagledger.sdk.NotReadyException;
import io.flagledger.server.ServerStartException;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.staticfiles.Location;
import io.javalin.util.JavalinBindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin API, evaluations, the feed and the console over HTTP. */
public final class HttpServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.http");
    private static final String API = "/api/v1/environments";
    private static final long MAX_REQUEST_BYTES = 4L << 20;
    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Feed feed;
    private final Javalin javalin;

    private HttpServer(Services services, boolean loopback) {
        feed = new Feed(services);
        ConsolePage page = ConsolePage.load();
        javalin = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.http.maxRequestSize = MAX_REQUEST_BYTES;
            config.http.prefer405over404 = true;
            config.staticFiles.enableWebjars();
            config.staticFiles.add("/console", Location.CLASSPATH);
            config.routes.before(context -> harden(context, page.contentSecurityPolicy()));
            if (loopback) {
                config.routes.before(HttpServer::refuseForeignNames);
            }
            config.routes.get("/", context -> context.html(page.html()));
            api(config.routes, services);
            errors(config.routes);
        });
    }

    /**
     * Starts to listen.
     *
     * @param port 0 takes a free one
     * @throws ServerStartException if the port is taken
     */
    public static HttpServer start(Services services, String host, int port) {
        HttpServer server = new HttpServer(services, isLoopback(host));
        try {
            server.javalin.start(host, port);
            return server;
        } catch (JavalinBindException e) {
            server.close();
            throw new ServerStartException(
                    "can't listen on port %d of %s: stop the program that holds it, or choose another port (%s)"
                            .formatted(port, host, message(e)),
                    e);
        }
    }

    /** The port listened on. */
    public int port() {
        return javalin.port();
    }

    private void api(RoutesConfig routes, Services services) {
        FlagsApi flags = new FlagsApi(services);
        HealthApi health = new HealthApi(services);
        routes.get(API, flags::environments);
        routes.post(API + "/{environment}/changes", new ChangesApi(services)::append);
        routes.get(API + "/{environment}/flags", flags::list);
        routes.get(API + "/{environment}/flags/{key}", flags::one);
        routes.get(API + "/{environment}/flags/{key}/history", flags::history);
        routes.get(API + "/{environment}/head", flags::head);
        routes.get(API + "/{environment}/events", new EventsApi(services)::list);
        routes.post(API + "/{environment}/evaluations", new EvaluationsApi(services)::evaluate);
        routes.before(API + "/{environment}/feed", feed::check);
        routes.sse(API + "/{environment}/feed", feed::open);
        routes.get("/healthz", health::alive);
        routes.get("/readyz", health::ready);
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
                NotReadyException.class,
                (e, context) -> Problem.unavailable(message(e)).answer(context));
        routes.exception(
                StoppedException.class,
                (e, context) -> Problem.of(500, "stopped", "The ledger can't be read to its end", message(e))
                        .answer(context));
        routes.exception(HttpResponseException.class, (e, context) -> refuse(e, context));
        routes.exception(Exception.class, (e, context) -> {
            String id = UUID.randomUUID().toString();
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
    private static void refuseForeignNames(Context context) {
        String host = String.valueOf(context.host()).replaceFirst(":\\d+$", "");
        if (!LOOPBACK_NAMES.contains(host)) {
            throw Problem.of(
                            403,
                            "foreign-host",
                            "This server is for this machine only",
                            "it answers to %s, not to '%s'".formatted(LOOPBACK_NAMES, host))
                    .asException();
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new ServerStartException("there is no address '%s' to listen on".formatted(host), e);
        }
    }

    private static String message(Exception e) {
        return String.valueOf(e.getMessage());
    }

    @Override
    public void close() {
        feed.close();
        javalin.stop();
    }
}
