package io.flagledger.benchmarks.chaos;

import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.server.LedgerServer;
import io.flagledger.server.Role;
import io.flagledger.server.ServerConfig;
import io.flagledger.server.auth.AuthConfig;
import io.flagledger.server.auth.LocalAuth;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A server that can be killed. Its arguments: Kafka's address, the folder of its stores, the address to listen on, the folder of the key
 * that signs tokens, the environment that it follows from the start, and, if it is no projector, the addresses of those.
 */
final class ServerProcess {
    static final String READY = "the server is there";

    private ServerProcess() {}

    public static void main(String[] arguments) throws InterruptedException, IOException {
        URI own = URI.create("http://" + arguments[2]);
        List<URI> projectors = Arrays.stream(arguments).skip(5).map(URI::create).toList();
        Set<Role> roles =
                projectors.isEmpty() ? EnumSet.allOf(Role.class) : EnumSet.complementOf(EnumSet.of(Role.PROJECTOR));
        WriterProcess.logTo(Path.of(arguments[1] + ".log"));
        LedgerServer.start(new ServerConfig(
                        KafkaConnection.of(arguments[0]),
                        LedgerTopics.DEFAULT,
                        arguments[4],
                        Path.of(arguments[1]),
                        own.getHost(),
                        own.getPort(),
                        new AuthConfig.Local(LocalAuth.in(Path.of(arguments[3])).key()))
                .withRoles(roles)
                .withFleet(new ServerConfig.Fleet(null, 1, null, projectors)));
        System.out.println(READY);
        Thread.currentThread().join();
    }
}
