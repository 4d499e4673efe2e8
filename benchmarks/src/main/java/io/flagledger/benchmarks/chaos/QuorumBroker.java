package io.flagledger.benchmarks.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * One broker of several, with a vote among the controllers, as Kafka's own start script runs it: it ends where Kafka ends it. Its arguments: its data's
 * folder, its number, and host:port:controllerPort of each of them.
 */
final class QuorumBroker {
    static final String READY = "the broker is there";

    /** Seconds after which a broker that gives no sign of life loses what it leads. Kafka's own default is 9. */
    static final int SESSION_SECONDS = 6;

    private static final String CLUSTER = "flag-ledger-under-fault";
    private static final String META = "meta.properties";

    private QuorumBroker() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int number = Integer.parseInt(arguments[1]);
        Map<String, String> settings = settings(folder, number, arguments);
        if (!Files.exists(folder.resolve(META))) {
            format(folder, number);
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        server.startup();
        System.out.println(READY);
        server.awaitShutdown();
    }

    private static void format(Path folder, int number) throws IOException {
        Files.createDirectories(folder);
        try {
            new Formatter()
                    .setNodeId(number)
                    .setClusterId(CLUSTER)
                    .addDirectory(folder.toString())
                    .setMetadataLogDirectory(folder.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .run();
        } catch (Exception e) {
            throw new IOException("the folder " + folder + " can't be formatted", e);
        }
    }

    private static Map<String, String> settings(Path folder, int number, String[] arguments) {
        Map<String, String> all = new HashMap<>();
        StringBuilder voters = new StringBuilder();
        for (int i = 2; i < arguments.length; i++) {
            String[] parts = arguments[i].split(":", -1);
            voters.append(i > 2 ? "," : "").append("%d@%s:%s".formatted(i - 1, parts[0], parts[2]));
        }
        String[] own = arguments[number + 1].split(":", -1);
        all.put("process.roles", "broker,controller");
        all.put("node.id", Integer.toString(number));
        all.put("controller.quorum.voters", voters.toString());
        all.put("controller.listener.names", "CONTROLLER");
        all.put("listeners", "BROKER://%s:%s,CONTROLLER://%s:%s".formatted(own[0], own[1], own[0], own[2]));
        all.put("advertised.listeners", "BROKER://%s:%s".formatted(own[0], own[1]));
        all.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        all.put("inter.broker.listener.name", "BROKER");
        all.put("log.dirs", folder.toString());
        // three copies, of which two make a record safe
        all.put("default.replication.factor", "3");
        all.put("min.insync.replicas", "2");
        all.put("offsets.topic.replication.factor", "3");
        all.put("transaction.state.log.replication.factor", "3");
        all.put("transaction.state.log.min.isr", "2");
        all.put("offsets.topic.num.partitions", "3");
        all.put("transaction.state.log.num.partitions", "3");
        all.put("auto.create.topics.enable", "false");
        all.put("broker.session.timeout.ms", Integer.toString(SESSION_SECONDS * 1_000));
        all.put("broker.heartbeat.interval.ms", "1000");
        all.put("replica.lag.time.max.ms", "10000");
        all.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        all.put("group.initial.rebalance.delay.ms", "0");
        // many of them on one machine
        all.put("num.network.threads", "2");
        all.put("num.io.threads", "4");
        all.put("background.threads", "2");
        all.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
        all.put("log.index.size.max.bytes", Integer.toString(1 << 20));
        return all;
    }
}
