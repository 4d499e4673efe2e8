package io.flagledger.embedded;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The properties of a lone broker: what it is, which nobody may change, and how it is tuned, which anybody may. */
final class BrokerSettings {
    static final int NODE_ID = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    private static final String BROKER_LISTENER = "BROKER";

    private static final Map<String, String> TUNING = Map.ofEntries(
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("num.partitions", "1"),
            Map.entry("default.replication.factor", "1"),
            Map.entry("min.insync.replicas", "1"),
            // internal topics: one replica, one partition
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "1"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.num.partitions", "1"),
            // a transaction whose writer died ends about when its timeout does, not up to ten seconds later
            Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            // what a broker that was killed waits for before it may take its own place again
            Map.entry("broker.session.timeout.ms", "3000"),
            Map.entry("broker.heartbeat.interval.ms", "500"),
            // a few clients on the same machine need few threads
            Map.entry("num.network.threads", "2"),
            Map.entry("num.io.threads", "4"),
            Map.entry("background.threads", "2"),
            Map.entry("num.recovery.threads.per.data.dir", "1"),
            Map.entry("num.replica.alter.log.dirs.threads", "1"),
            Map.entry("group.coordinator.threads", "1"),
            Map.entry("share.coordinator.threads", "1"),
            Map.entry("log.cleaner.threads", "1"),
            Map.entry("log.cleaner.dedupe.buffer.size", String.valueOf(8 << 20)));

    /** What a caller may not set: these are the embedded broker itself. */
    static final Set<String> FIXED = Set.of(
            "process.roles",
            "node.id",
            "broker.id",
            "controller.quorum.voters",
            "controller.quorum.bootstrap.servers",
            "controller.listener.names",
            "listeners",
            "advertised.listeners",
            "listener.security.protocol.map",
            "inter.broker.listener.name",
            "security.inter.broker.protocol",
            "log.dir",
            "log.dirs",
            "metadata.log.dir");

    private BrokerSettings() {}

    static Map<String, String> of(DataFolder folder, Loopback sockets, String protocol, Map<String, String> chosen) {
        String broker = BROKER_LISTENER + "://" + Loopback.HOST + ":" + sockets.brokerPort();
        String controller = Loopback.HOST + ":" + sockets.controllerPort();
        Map<String, String> all = new HashMap<>(TUNING);
        all.putAll(chosen);
        all.put("process.roles", "broker,controller");
        all.put("node.id", String.valueOf(NODE_ID));
        all.put("controller.quorum.voters", NODE_ID + "@" + controller);
        all.put("controller.listener.names", CONTROLLER_LISTENER);
        all.put("listeners", broker + "," + CONTROLLER_LISTENER + "://" + controller);
        all.put("advertised.listeners", broker);
        all.put(
                "listener.security.protocol.map",
                "%s:%s,%s:%s".formatted(BROKER_LISTENER, protocol, CONTROLLER_LISTENER, protocol));
        all.put("inter.broker.listener.name", BROKER_LISTENER);
        all.put("log.dirs", folder.topics().toString());
        all.put("metadata.log.dir", folder.metadata().toString());
        return all;
    }
}
