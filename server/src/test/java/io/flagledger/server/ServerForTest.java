package io.flagledger.server;

import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.proof.SigningKey;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.sdk.admission.AdmissionKeys;
import io.flagledger.server.HttpClientForTest.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.SortedSet;
import java.util.function.UnaryOperator;

/** A server on the broker of a test, whose default environment is {@value #ENVIRONMENT}. */
final class ServerForTest implements AutoCloseable {
    static final String ENVIRONMENT = "gastown-production";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LedgerServer server;
    private final KafkaConnection connection;
    private final LedgerTopics topics;

    private ServerForTest(LedgerServer server, KafkaConnection connection, LedgerTopics topics) {
        this.server = server;
        this.connection = connection;
        this.topics = topics;
    }

    static ServerForTest start(KafkaForTest kafka) {
        return start(kafka, config -> config);
    }

    static ServerForTest start(KafkaForTest kafka, UnaryOperator<ServerConfig> more) {
        KafkaConnection connection = KafkaConnection.of(kafka.bootstrapServers());
        LedgerTopics topics = LedgerTopics.withPrefix(kafka.topicPrefix() + "ledger");
        try {
            ServerConfig config = new ServerConfig(
                            connection,
                            topics,
                            ENVIRONMENT,
                            Files.createTempDirectory("flag-ledger-server"),
                            "127.0.0.1",
                            0,
                            TokensForTest.AUTH)
                    .withAdmissionKeys(AdmissionKeys.generate())
                    .withCheckpointKey(SigningKey.generate());
            LedgerServer server = LedgerServer.start(more.apply(config));
            if (!server.awaitReady(PATIENCE)) {
                throw new IllegalStateException("the server does not get ready");
            }
            return new ServerForTest(server, connection, topics);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** By dana, who may do everything. */
    HttpClientForTest http() {
        return new HttpClientForTest(server.httpPort());
    }

    SortedSet<String> served() {
        return server.served();
    }

    int port() {
        return server.httpPort();
    }

    KafkaConnection connection() {
        return connection;
    }

    LedgerTopics topics() {
        return topics;
    }

    /** Sends changes that are written with single quotes, to be legible in Java. */
    static Answer change(HttpClientForTest http, String environment, String reason, String... changes) {
        return http.post(
                "/api/v1/environments/" + environment + "/changes",
                "{\"reason\": \"%s\", \"changes\": [%s]}"
                        .formatted(reason, String.join(", ", changes).replace('\'', '"')));
    }

    @Override
    public void close() {
        server.close();
    }
}
