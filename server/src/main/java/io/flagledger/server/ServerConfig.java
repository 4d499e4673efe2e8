package io.flagledger.server;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Names;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import java.nio.file.Path;

/**
 * How a server runs.
 *
 * @param environment followed from the start, and shown first
 * @param stateDirectory where the projector's stores lie; may be deleted while it does not run
 * @param host the address to listen on
 * @param httpPort the port to listen on; 0 takes a free one
 */
public record ServerConfig(
        KafkaConnection connection,
        LedgerTopics topics,
        String environment,
        Path stateDirectory,
        String host,
        int httpPort) {
    public ServerConfig {
        requireNonNull(connection, "connection");
        requireNonNull(topics, "topics");
        requireNonNull(stateDirectory, "stateDirectory");
        requireNonNull(host, "host");
        if (!Names.isEnvironment(environment)) {
            throw new IllegalArgumentException("an environment can't be called '%s': its name must match %s"
                    .formatted(environment, Names.ENVIRONMENT_FORM));
        }
    }
}
