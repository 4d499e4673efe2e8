package io.flagledger.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * One Kafka broker (with its KRaft controller) in this JVM, reachable on 127.0.0.1 only, without authentication unless told.
 *
 * <p>The folder is the broker: starting again on a folder that was kept gives back every topic, topic id, record and
 * committed offset, on whatever port. A folder belongs to one running broker at a time.
 *
 * <p>Everything is single-replica. A committed record survives the death of this process, not the loss of the disk.
 * When the disk itself fails, Kafka halts the JVM, as it does in a broker of its own. Any other fault that a stand-alone
 * Kafka would answer by exiting closes this broker and leaves the JVM alone.
 *
 * <p>Safe for use by many threads.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private final DataFolder folder;
    private final Loopback sockets;
    private final int port;
    private final Node node;
    private boolean open = true;

    private EmbeddedKafka(DataFolder folder, Loopback sockets, Node node) {
        this.folder = folder;
        this.sockets = sockets;
        this.port = sockets.brokerPort();
        this.node = node;
    }

    /**
     * Starts a broker and returns when clients can use it.
     *
     * @param folder where its data is, or will be; created when absent
     * @param port of 127.0.0.1 to listen on; 0 takes a free one
     * @throws EmbeddedKafkaException when the port or the folder cannot be had, or Kafka does not start
     */
    public static EmbeddedKafka start(Path folder, int port) {
        return in(folder).port(port).start();
    }

    /** Prepares a broker on a free port, for when it needs settings of its own. */
    public static Builder in(Path folder) {
        return new Builder(folder);
    }

    /** What clients put in {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return Loopback.HOST + ":" + port;
    }

    /** The port that clients connect to, never 0. */
    public int port() {
        return port;
    }

    /** The folder that holds the data, absolute, as the file system spells it. */
    public Path folder() {
        return folder.path();
    }

    /** Shuts the broker down and returns when its threads have ended and its folder is free. Doing so again does nothing. */
    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            node.stop();
            sockets.close();
            folder.close();
        }
    }

    /** A broker that is not started yet. Not safe for use by many threads. */
    public static final class Builder {
        private final Path folder;
        private final Map<String, String> properties = new TreeMap<>();
        private String protocol = "PLAINTEXT";
        private int port;

        private Builder(Path folder) {
            this.folder = folder;
        }

        /** The port of 127.0.0.1 to listen on; 0, which is also the default, takes a free one. */
        public Builder port(int chosen) {
            if (chosen < 0 || chosen > 65_535) {
                throw new IllegalArgumentException("a port is a number from 0 to 65535, not " + chosen);
            }
            this.port = chosen;
            return this;
        }

        /**
         * How clients, and the broker to its own controller, must speak: {@code PLAINTEXT} unless set, {@code SSL},
         * {@code SASL_PLAINTEXT} or {@code SASL_SSL}. What a protocol needs, such as a key store, is set by {@link #property},
         * under {@code listener.name.broker.} and {@code listener.name.controller.} where it is a listener's own.
         */
        public Builder securityProtocol(String chosen) {
            this.protocol = SecurityProtocol.forName(chosen).name;
            return this;
        }

        /**
         * Sets a broker property, in place of this class's choice or Kafka's default.
         *
         * @throws IllegalArgumentException when it is one that makes the broker an embedded one (its role, id, folders and
         *     listeners)
         */
        public Builder property(String name, String value) {
            if (BrokerSettings.FIXED.contains(name)) {
                throw new IllegalArgumentException("an embedded broker decides " + name + " by itself");
            }
            properties.put(name, value);
            return this;
        }

        /** As {@link EmbeddedKafka#start}. */
        public EmbeddedKafka start() {
            Loopback sockets = Loopback.bind(port);
            try {
                DataFolder data = DataFolder.open(folder);
                try {
                    Node node = Node.start(BrokerSettings.of(data, sockets, protocol, properties), sockets);
                    EmbeddedKafka kafka = new EmbeddedKafka(data, sockets, node);
                    node.onFault(kafka::close);
                    return kafka;
                } catch (RuntimeException e) {
                    data.close();
                    throw EmbeddedKafkaException.notStarted(data.path(), e);
                }
            } catch (RuntimeException e) {
                sockets.close();
                throw e;
            }
        }
    }
}
