package io.flagledger.sdk;

import io.flagledger.core.kafka.KafkaConnection;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** A cluster of two brokers, each behind a proxy that those outside have to go through. The first is the controller too. */
final class TwoBrokers implements AutoCloseable {
    private static final String HOST = "127.0.0.1:";

    private final TcpProxy[] proxies = new TcpProxy[2];
    private final KafkaRaftServer[] servers = new KafkaRaftServer[2];
    private final int[] inside = {freePort(), freePort()};
    private final int controller = freePort();

    TwoBrokers(Path folder) throws Exception {
        String cluster = Uuid.randomUuid().toString();
        for (int id = 0; id < 2; id++) {
            int outside = freePort();
            proxies[id] = TcpProxy.before(outside);
            servers[id] = start(folder.resolve("broker-" + id).toString(), cluster, id, outside);
        }
    }

    /** Past the proxies. */
    KafkaConnection direct() {
        return KafkaConnection.of(HOST + inside[0] + "," + HOST + inside[1]);
    }

    /** Through the proxies. */
    KafkaConnection outside() {
        return KafkaConnection.of(HOST + proxies[0].port() + "," + HOST + proxies[1].port());
    }

    TcpProxy proxy(int broker) {
        return proxies[broker];
    }

    /** Makes the broker the partition's leader. */
    void lead(TopicPartition partition, int broker) throws Exception {
        try (Admin admin = Admin.create(direct().with(Map.of()))) {
            admin.alterPartitionReassignments(
                            Map.of(partition, Optional.of(new NewPartitionReassignment(List.of(broker)))))
                    .all()
                    .get();
            while (!admin.listPartitionReassignments().reassignments().get().isEmpty()) {
                Thread.onSpinWait();
            }
        }
    }

    private KafkaRaftServer start(String folder, String cluster, int id, int outside) throws Exception {
        Map<String, String> settings = new HashMap<>();
        String listeners = "INSIDE://%s%d,OUTSIDE://%s%d".formatted(HOST, inside[id], HOST, outside);
        settings.put("process.roles", id == 0 ? "broker,controller" : "broker");
        settings.put("node.id", String.valueOf(id));
        settings.put("controller.quorum.voters", "0@" + HOST + controller);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("listeners", id == 0 ? listeners + ",CONTROLLER://" + HOST + controller : listeners);
        settings.put(
                "advertised.listeners",
                "INSIDE://%s%d,OUTSIDE://%s%d".formatted(HOST, inside[id], HOST, proxies[id].port()));
        settings.put("listener.security.protocol.map", "INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", "INSIDE");
        settings.put("log.dirs", folder);
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("log.cleaner.dedupe.buffer.size", String.valueOf(8 << 20));
        new Formatter()
                .setNodeId(id)
                .setClusterId(cluster)
                .addDirectory(folder)
                .setMetadataLogDirectory(folder)
                .setControllerListenerName("CONTROLLER")
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .run();
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        server.startup();
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        for (int id = 1; id >= 0; id--) {
            if (servers[id] != null) {
                servers[id].shutdown();
            }
            proxies[id].close();
        }
    }
}
