package io.flagledger.embedded;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka itself: what {@code KafkaRaftServer} builds, but with our sockets and our faults, which that class does not let in.
 *
 * <p>It starts and stops on threads of its own. An interrupt that meets Kafka in the middle of writing a file closes the file,
 * which Kafka takes for a broken disk and answers by halting the JVM; a caller's interrupt must not get there.
 */
final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    /** How long the controller, one method call away, may take to let the broker go. */
    private static final Duration FAREWELL = Duration.ofSeconds(10);

    private final Faults faults = new Faults();
    private final CountDownLatch startEnded = new CountDownLatch(1);
    private final SharedServer shared;
    private final ControllerServer controller;
    private final BrokerServer broker;
    private volatile boolean started;

    private Node(KafkaConfig config, Loopback sockets) {
        var loaded = KafkaRaftServer.initializeLogDirs(config, LOG, "");
        MetaPropertiesEnsemble properties = loaded._1();
        BootstrapMetadata bootstrap = loaded._2();
        // fails when the version is not known: better now than halfway through the start
        LOG.debug("formatted as {}", bootstrap.metadataVersion());
        shared = new SharedServer(
                config,
                properties,
                Time.SYSTEM,
                Server.initializeMetrics(
                        config, Time.SYSTEM, properties.clusterId().orElseThrow()),
                CompletableFuture.completedFuture(
                        QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
                QuorumConfig.parseBootstrapServers(config.quorumConfig().bootstrapServers()),
                faults,
                sockets);
        controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), bootstrap);
        broker = new BrokerServer(shared);
    }

    /**
     * Returns when clients can use the broker. After an exception nothing of it is left, but the sockets are the caller's to close.
     *
     * @throws RuntimeException whatever Kafka throws, or the fault that it met
     */
    static Node start(Map<String, String> settings, Loopback sockets) {
        Node node = new Node(new KafkaConfig(settings, false), sockets);
        node.onFault(node::abandonStart);
        try {
            OwnThread.run("embedded-kafka-start", node::startUp);
            node.faults.throwIfFatal();
            return node;
        } catch (RuntimeException | Error e) {
            node.stop();
            node.faults.throwIfFatal();
            throw e;
        }
    }

    /** Runs the action on a thread of its own when, or if already, the broker can no longer be trusted. */
    void onFault(Runnable action) {
        faults.onFatal(action);
    }

    /** Returns when all threads of the broker have ended; calling it again does nothing. */
    void stop() {
        OwnThread.run("embedded-kafka-stop", this::shutDown);
    }

    private void startUp() {
        try {
            controller.startup();
            broker.startup();
            started = true;
        } finally {
            startEnded.countDown();
        }
    }

    /** A faulty controller tries again for ever, writing each time, and the broker waits for it for ever: neither may. */
    private void abandonStart() {
        shared.ensureNotRaftLeader();
        do {
            stopWaitingForController();
        } while (!ended(startEnded));
    }

    private void shutDown() {
        if (faults.areFatal()) {
            shared.ensureNotRaftLeader();
            stopWaitingForController();
        }
        // the broker first: it says farewell to the controller
        Utils.swallow(LOG, () -> broker.shutdown(FAREWELL));
        Utils.swallow(LOG, controller::shutdown);
        if (!started) {
            shutDownRemains();
        }
    }

    /** What Kafka leaves behind when its start has failed, for it counts on the JVM to end. */
    private void shutDownRemains() {
        // their threads exist before they are started, but only what is started can be shut down
        var groups = broker.groupCoordinator();
        if (groups != null) {
            groups.startup(() -> 1);
            groups.shutdown();
        }
        var shares = broker.shareCoordinator();
        if (shares != null) {
            shares.startup(() -> 1);
            shares.shutdown();
        }
        shared.ensureNotRaftLeader();
        Utils.closeQuietly(shared.loader(), "metadata loader");
        Utils.closeQuietly(shared.metrics(), "metrics");
    }

    private void stopWaitingForController() {
        var lifecycle = broker.lifecycleManager();
        if (lifecycle != null) {
            lifecycle.beginShutdown();
        }
    }

    private static boolean ended(CountDownLatch latch) {
        try {
            return latch.await(50, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }
}
