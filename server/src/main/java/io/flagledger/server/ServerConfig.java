package io.flagledger.server;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Names;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.proof.SigningKey;
import io.flagledger.sdk.admission.AdmissionKeys;
import io.flagledger.server.auth.AuthConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a server runs.
 *
 * @param environment followed from the start, and shown first
 * @param stateDirectory where the projector's stores lie; may be deleted while it does not run
 * @param host the address to listen on
 * @param httpPort the port to listen on; 0 takes a free one
 * @param roles what it does; at least one
 * @param auth whose tokens are believed
 * @param admissionKeys what admissions are signed with; null if none are given
 * @param requestsPerSecond how often each caller may ask in the long run; 0 limits nobody
 * @param checkpointKey signs checkpoints that are asked for; null: there are none
 */
public record ServerConfig(
        KafkaConnection connection,
        LedgerTopics topics,
        String environment,
        Path stateDirectory,
        String host,
        int httpPort,
        Set<Role> roles,
        Fleet fleet,
        AuthConfig auth,
        Edge edge,
        @Nullable AdmissionKeys admissionKeys,
        long requestsPerSecond,
        @Nullable SigningKey checkpointKey) {
    /** How often each caller may ask where nothing is said of it. */
    public static final long REQUESTS_PER_SECOND = 500;

    /** One instance that does everything, with a free port for flagd providers. */
    public ServerConfig(
            KafkaConnection connection,
            LedgerTopics topics,
            String environment,
            Path stateDirectory,
            String host,
            int httpPort,
            AuthConfig auth) {
        this(
                connection,
                topics,
                environment,
                stateDirectory,
                host,
                httpPort,
                EnumSet.allOf(Role.class),
                Fleet.ALONE,
                auth,
                Edge.CLOSED,
                null,
                REQUESTS_PER_SECOND,
                null);
    }

    public ServerConfig {
        requireNonNull(connection, "connection");
        requireNonNull(topics, "topics");
        requireNonNull(stateDirectory, "stateDirectory");
        requireNonNull(host, "host");
        requireNonNull(fleet, "fleet");
        requireNonNull(auth, "auth");
        requireNonNull(edge, "edge");
        roles = Set.copyOf(roles);
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("a server without a role has nothing to do");
        }
        if (!Names.isEnvironment(environment)) {
            throw new IllegalArgumentException("an environment can't be called '%s': its name must match %s"
                    .formatted(environment, Names.ENVIRONMENT_FORM));
        }
    }

    public ServerConfig withEdge(Edge other) {
        return with(copy -> copy.edge = other);
    }

    public ServerConfig withRoles(Set<Role> others) {
        return with(copy -> copy.roles = others);
    }

    public ServerConfig withFleet(Fleet other) {
        return with(copy -> copy.fleet = other);
    }

    public ServerConfig withAdmissionKeys(@Nullable AdmissionKeys keys) {
        return with(copy -> copy.admissionKeys = keys);
    }

    public ServerConfig withCheckpointKey(@Nullable SigningKey key) {
        return with(copy -> copy.checkpointKey = key);
    }

    /** The same, with another limit for each caller; 0 limits nobody. */
    public ServerConfig withRequestsPerSecond(long limit) {
        return with(copy -> copy.requestsPerSecond = limit);
    }

    private ServerConfig with(Consumer<Copy> difference) {
        Copy copy = new Copy(this);
        difference.accept(copy);
        return new ServerConfig(
                connection,
                topics,
                environment,
                stateDirectory,
                host,
                httpPort,
                copy.roles,
                copy.fleet,
                auth,
                copy.edge,
                copy.admissionKeys,
                copy.requestsPerSecond,
                copy.checkpointKey);
    }

    /** What has a value of its own where nothing is said, and may be given another. */
    private static final class Copy {
        Set<Role> roles;
        Fleet fleet;
        Edge edge;

        @Nullable
        AdmissionKeys admissionKeys;

        long requestsPerSecond;

        @Nullable
        SigningKey checkpointKey;

        Copy(ServerConfig of) {
            this.roles = of.roles;
            this.fleet = of.fleet;
            this.edge = of.edge;
            this.admissionKeys = of.admissionKeys;
            this.requestsPerSecond = of.requestsPerSecond;
            this.checkpointKey = of.checkpointKey;
        }
    }

    /**
     * How it works beside other instances.
     *
     * @param advertised {@code host:port} under which the others reach this one; null: what it listens on
     * @param standbys how many others keep a copy of what each holds; 0 or more
     * @param instanceId the same at each of its starts and for no other; null: its partitions move at once when it stops
     * @param projectors where one without the projector's role asks for the past
     */
    public record Fleet(
            @Nullable String advertised,
            int standbys,
            @Nullable String instanceId,
            List<URI> projectors) {
        /** Nothing said of others; they may be there all the same. */
        public static final Fleet ALONE = new Fleet(null, 0, null, List.of());

        public Fleet {
            projectors = List.copyOf(projectors);
            if (standbys < 0) {
                throw new IllegalArgumentException("there can't be %d standbys".formatted(standbys));
            }
        }
    }

    /**
     * How the gateway serves clients that others wrote, over OFREP and flagd sync.
     *
     * @param grpcPort the port for flagd providers; 0 takes a free one
     * @param allowedOrigins whose pages may read OFREP's answers: {@code https://app.example.com}, {@code
     *     http://localhost:*} for any port, {@code *} for all
     * @param streamKey what all gateways behind one address sign the addresses of event streams with, 32 bytes or more; null:
     *     one of its own, with which a client that comes to another gateway has to ask once more
     */
    public record Edge(
            int grpcPort,
            Set<String> allowedOrigins,
            @Nullable String streamKey) {
        /** A free port, no page of another origin, and a key of its own. */
        public static final Edge CLOSED = new Edge(0, Set.of(), null);

        public Edge {
            allowedOrigins = Set.copyOf(allowedOrigins);
        }

        /** Without the key. */
        @Override
        public String toString() {
            return "Edge[grpcPort=%d, allowedOrigins=%s]".formatted(grpcPort, allowedOrigins);
        }
    }
}
