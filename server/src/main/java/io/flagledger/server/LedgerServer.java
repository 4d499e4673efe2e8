package io.flagledger.server;

import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.core.kafka.TopicSetup;
import io.flagledger.projector.Projector;
import io.flagledger.projector.ProjectorConfig;
import io.flagledger.server.auth.Authenticator;
import io.flagledger.server.flagd.FlagdServer;
import io.flagledger.server.http.HttpServer;
import io.flagledger.server.http.Self;
import io.flagledger.server.http.Services;
import io.flagledger.server.metrics.ServerMetrics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server: whatever its roles ask for of projector, writer, evaluators and HTTP. */
public final class LedgerServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.server");
    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Services services;
    private final HttpServer http;
    private final @Nullable FlagdServer flagd;

    private LedgerServer(ServerConfig config) {
        try {
            // First of all: the others are told of the port when the projector starts.
            http = opened(HttpServer.bind(config.host(), config.httpPort()));
            Self self = self(config, http.port());
            LedgerId ledger = TopicSetup.ensure(config.connection(), config.topics(), START_TIMEOUT);
            Projector projector = config.roles().contains(Role.PROJECTOR) ? projector(config, self, ledger) : null;
            LedgerWriter writer = config.roles().contains(Role.CONSOLE)
                    ? opened(LedgerWriter.open(config.connection(), config.topics(), START_TIMEOUT))
                    : null;
            LiveEnvironments live = opened(new LiveEnvironments(config.connection(), config.topics()));
            live.follow(config.environment());
            Proofs proofs = opened(new Proofs(config.connection(), config.topics(), config.checkpointKey()));
            ServerMetrics metrics = opened(new ServerMetrics());
            metrics.watch(live, writer, projector);
            services = new Services(
                    config.environment(),
                    self,
                    writer,
                    live,
                    projector,
                    Authenticator.of(config.auth()),
                    config.admissionKeys(),
                    metrics,
                    proofs);
            http.serve(services, config.edge(), config.requestsPerSecond());
            flagd = config.roles().contains(Role.GATEWAY)
                    ? opened(FlagdServer.start(
                            config.host(),
                            config.edge().grpcPort(),
                            live,
                            config.environment(),
                            services.authenticator()))
                    : null;
            if (flagd != null) {
                metrics.streams("sync", flagd::streams);
            }
            parts.remove(http);
            parts.push(http); // who asks is turned away before there is nothing left to answer from
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts a server; the topics are created where they are missing. It may take some seconds more until it knows all
     * flags: see {@link #awaitReady}.
     *
     * @throws ServerStartException if the port is taken
     * @throws io.flagledger.core.kafka.KafkaUnavailableException if Kafka does not answer
     * @throws io.flagledger.core.kafka.WrongTopicException if a topic is not what a ledger needs
     */
    public static LedgerServer start(ServerConfig config) {
        return new LedgerServer(config);
    }

    /** Waits until the flags are known and the history can be asked; false if that takes longer. */
    public boolean awaitReady(Duration longest) throws InterruptedException {
        return services.awaitReady(longest);
    }

    /** What is served over HTTP, such as {@code GET /api/v1/me}. */
    public SortedSet<String> served() {
        return http.served();
    }

    /** The port listened on. */
    public int httpPort() {
        return http.port();
    }

    /** The port for flagd providers; -1 without the gateway's role. */
    public int grpcPort() {
        return flagd == null ? -1 : flagd.port();
    }

    private static Self self(ServerConfig config, int port) {
        ServerConfig.Fleet fleet = config.fleet();
        String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
        String address = Objects.requireNonNullElse(fleet.advertised(), host + ":" + port);
        return new Self(
                Objects.requireNonNullElse(fleet.instanceId(), address), address, config.roles(), fleet.projectors());
    }

    private Projector projector(ServerConfig config, Self self, LedgerId ledger) {
        @Nullable String instanceId = config.fleet().instanceId();
        return opened(Projector.start(
                new ProjectorConfig(
                        config.connection(),
                        config.topics(),
                        config.stateDirectory(),
                        config.fleet().standbys(),
                        instanceId,
                        self.address()),
                ledger));
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                log.warn("closing {} failed", part, e);
            }
        }
    }
}
