package io.flagledger.benchmarks.chaos;

import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.server.LedgerServer;
import io.flagledger.server.ServerConfig;
import io.flagledger.server.auth.AuthConfig;
import io.flagledger.server.auth.LocalAuth;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A server that can be killed. Its arguments: Kafka's address, the folder of its stores, the port to listen on, and the folder of the key
 * that signs tokens.
 */
final class ServerProcess {
    private ServerProcess() {}

    public static void main(String[] arguments) throws InterruptedException, IOException {
        int port = Integer.parseInt(arguments[2]);
        LedgerServer.start(new ServerConfig(
                        KafkaConnection.of(arguments[0]),
                        LedgerTopics.DEFAULT,
                        ProjectorChaos.environment(0),
                        Path.of(arguments[1]),
                        "127.0.0.1",
                        port,
                        new AuthConfig.Local(LocalAuth.in(Path.of(arguments[3])).key()))
                .withFleet(new ServerConfig.Fleet(null, 1, null, List.of())));
        Thread.currentThread().join();
    }
}
