package io.flagledger.server.http;

import io.flagledger.server.Role;
import io.flagledger.server.ServerConfig;
import io.flagledger.server.ServerStartException;
import io.javalin.Javalin;
import io.javalin.http.staticfiles.Location;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.util.Set;
import java.util.SortedSet;
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
    public void serve(Services services, ServerConfig.Edge edge, long requestsPerSecond) {
        ConsolePage page = ConsolePage.load();
        Feed told = new Feed(services, new Routing(services, new Peers(services)));
        feed = told;
        OfrepApi remote = services.self().has(Role.GATEWAY) ? OfrepApi.of(services, edge) : null;
        ofrep = remote;
        Set<String> names = new TreeSet<>(LOOPBACK_NAMES);
        names.add(Hardening.withoutPort(services.self().address()));
        javalin = Javalin.create(config -> {
            config.jetty.addConnector(this::connector);
            config.jetty.modifyServer(server -> server.setErrorHandler(new UnreadableRequests()));
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.http.maxRequestSize = MAX_REQUEST_BYTES;
            config.http.prefer405over404 = true;
            Traffic traffic = new Traffic(services.metrics());
            config.routes.before(traffic::begin);
            config.routes.after(traffic::end);
            config.routes.before(new Hardening(page, services.authenticator())::harden);
            config.routes.before(
                    context -> context.header(Requests.INSTANCE, services.self().id()));
            if (loopback) {
                config.routes.before(context -> Hardening.refuseForeignNames(context, names));
            }
            if (services.self().has(Role.CONSOLE)) {
                config.staticFiles.enableWebjars();
                config.staticFiles.add("/console", Location.CLASSPATH);
                ConsolePage.ADDRESSES.forEach(address -> config.routes.get(address, page::answer));
            }
            new Routes(services, told, new RateLimit(requestsPerSecond)).add(config.routes);
            if (remote != null) {
                remote.mount(config.routes);
            }
            Errors.add(config.routes);
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

    /** What is served, such as {@code GET /api/v1/me}; empty until it is. */
    public SortedSet<String> served() {
        SortedSet<String> served = new TreeSet<>();
        if (javalin != null) {
            javalin.unsafe.internalRouter.allHttpHandlers().stream()
                    .map(parsed -> parsed.endpoint)
                    .filter(endpoint -> endpoint.method.isHttpMethod())
                    .forEach(endpoint -> served.add(endpoint.method.name() + " " + endpoint.path));
        }
        return served;
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
