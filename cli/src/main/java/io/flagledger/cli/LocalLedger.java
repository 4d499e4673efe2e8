package io.flagledger.cli;

import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.proof.SigningKey;
import io.flagledger.embedded.EmbeddedKafka;
import io.flagledger.embedded.EmbeddedKafkaException;
import io.flagledger.server.LedgerServer;
import io.flagledger.server.ServerConfig;
import io.flagledger.server.ServerStartException;
import io.flagledger.server.auth.AuthConfig;
import io.flagledger.server.auth.LocalAuth;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Everything in one process: a broker and the server on it, reachable from this machine only. */
final class LocalLedger implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    /** Applications under development on this machine. */
    private static final Set<String> LOCAL_PAGES = Set.of("http://localhost:*", "http://127.0.0.1:*");

    private final EmbeddedKafka kafka;
    private final KafkaConnection connection;
    private final LedgerServer server;
    private final String token;

    private LocalLedger(EmbeddedKafka kafka, KafkaConnection connection, LedgerServer server, String token) {
        this.kafka = kafka;
        this.connection = connection;
        this.server = server;
        this.token = token;
    }

    /**
     * Starts all of it, or nothing.
     *
     * @param beforeServer what to do with Kafka before the server follows it
     */
    static LocalLedger start(Settings settings, Consumer<KafkaConnection> beforeServer) {
        refuseTakenPort("--http-port", settings.httpPort());
        refuseTakenPort("--grpc-port", settings.grpcPort());
        EmbeddedKafka kafka = kafka(settings);
        try {
            LocalAuth auth = AuthOptions.open(authFolder(settings));
            String token = made(auth.tokenFile(), () -> auth.adminToken(settings.user()));
            SigningKey checkpointKey = made(authFolder(settings), auth::checkpointKey);
            KafkaConnection connection = new KafkaConnection(kafka.bootstrapServers(), settings.properties());
            beforeServer.accept(connection);
            return new LocalLedger(
                    kafka,
                    connection,
                    LedgerServer.start(new ServerConfig(
                                    connection,
                                    settings.topics(),
                                    settings.environment(),
                                    settings.folder().resolve("state"),
                                    HOST,
                                    settings.httpPort(),
                                    new AuthConfig.Local(auth.key()))
                            .withEdge(new ServerConfig.Edge(settings.grpcPort(), LOCAL_PAGES, null))
                            .withAdmissionKeys(AdmissionOptions.local(auth))
                            .withCheckpointKey(checkpointKey)),
                    token);
        } catch (ServerStartException e) {
            kafka.close();
            throw Complaint.refused(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
    }

    /** Waits until flags and history can be asked for; false if that takes longer. */
    boolean awaitReady(Duration longest) {
        try {
            return server.awaitReady(longest);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Opens everything here for a month at most. */
    String token() {
        return token;
    }

    /** Where the key is that signs tokens for this ledger. */
    static Path authFolder(Settings settings) {
        return settings.folder().resolve("auth");
    }

    String console() {
        return "http://%s:%d/".formatted(HOST, server.httpPort());
    }

    int httpPort() {
        return server.httpPort();
    }

    /** Where flagd providers are served. */
    String flagd() {
        return "%s:%d".formatted(HOST, server.grpcPort());
    }

    KafkaConnection connection() {
        return connection;
    }

    @Override
    public void close() {
        server.close();
        kafka.close();
    }

    /** Something that is kept in a file. */
    private interface Kept<T> {
        T get() throws IOException;
    }

    private static <T> T made(Path place, Kept<T> kept) {
        try {
            return kept.get();
        } catch (IOException e) {
            throw Complaint.refused(
                    "%s can't be used (%s): choose another folder with --data".formatted(place, e.getMessage()), e);
        }
    }

    private static EmbeddedKafka kafka(Settings settings) {
        try {
            return EmbeddedKafka.start(settings.folder().resolve("kafka"), settings.kafkaPort());
        } catch (EmbeddedKafkaException e) {
            String message = String.valueOf(e.getMessage());
            String option = message.startsWith("port ")
                    ? " with --kafka-port"
                    : message.contains("choose an") ? " with --data" : "";
            throw Complaint.refused(message + option, e);
        }
    }

    /** Asked before Kafka starts, so that a port that is taken is known at once and not after seconds. */
    private static void refuseTakenPort(String option, int port) {
        if (port == 0) {
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw Complaint.refused(
                    "port %d on %s cannot be had (%s): stop the program that holds it, or choose another port with %s"
                            .formatted(port, HOST, e.getMessage(), option),
                    e);
        }
    }

    /**
     * @param folder where everything is kept
     * @param kafkaPort 0 takes a free one
     * @param httpPort 0 takes a free one
     * @param grpcPort 0 takes a free one
     * @param user whom its token names
     */
    record Settings(
            Path folder,
            int kafkaPort,
            int httpPort,
            int grpcPort,
            String environment,
            String user,
            LedgerTopics topics,
            Map<String, String> properties) {}
}
