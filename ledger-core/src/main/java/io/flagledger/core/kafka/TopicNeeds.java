package io.flagledger.core.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the ledger needs of a topic. Checked at every start, since a wrong topic loses or reorders history silently. */
record TopicNeeds(String name, int partitions, Map<String, String> settings) {
    private static final String CLEANUP = "cleanup.policy";
    private static final String TIME = "message.timestamp.type";
    private static final String ENDED = " (if it is a mirror: after mirroring has ended)";

    TopicNeeds {
        settings = Map.copyOf(settings);
    }

    /** Kept for ever whatever the retention, since each key is unique. */
    static TopicNeeds ofEvents(LedgerTopics topics) {
        return new TopicNeeds(topics.events(), topics.partitions(), Map.of(CLEANUP, "compact"));
    }

    /** What a writer needs: the broker tells the time of what comes. A mirror keeps the times with which its events came. */
    static TopicNeeds ofEventsToCome(LedgerTopics topics) {
        return new TopicNeeds(topics.events(), topics.partitions(), Map.of(CLEANUP, "compact", TIME, "LogAppendTime"));
    }

    static TopicNeeds ofState(LedgerTopics topics) {
        return new TopicNeeds(topics.state(), topics.partitions(), Map.of(CLEANUP, "compact"));
    }

    /** Every way in which the topic falls short, each with what mends it; empty if there is none. */
    List<String> unmetBy(int actualPartitions, Map<String, String> actual) {
        List<String> unmet = new ArrayList<>();
        if (actualPartitions != partitions) {
            unmet.add(
                    "topic %s has %d partitions but %d are asked for; an environment's place depends on the count, so ask for %d"
                            .formatted(name, actualPartitions, partitions, actualPartitions));
        }
        new TreeMap<>(settings).forEach((setting, needed) -> {
            String found = actual.getOrDefault(setting, "(unset)");
            if (!needed.equals(found)) {
                unmet.add(
                        ("topic %s has %s=%s but needs %s; run%s: kafka-configs.sh --bootstrap-server <broker> --alter"
                                        + " --entity-type topics --entity-name %s --add-config %s=%s")
                                .formatted(
                                        name,
                                        setting,
                                        found,
                                        needed,
                                        TIME.equals(setting) ? ENDED : "",
                                        name,
                                        setting,
                                        needed));
            }
        });
        return List.copyOf(unmet);
    }

    /** How an acknowledged record may be lost although the topic has several copies, and what mends it; null if it may not. */
    @Nullable
    String risk(int copies, Map<String, String> actual) {
        return copies > 1 && "1".equals(actual.get("min.insync.replicas"))
                ? ("topic %s has %d copies but min.insync.replicas=1: a broker that lost the others acknowledges alone, and then history forks"
                                + " or is lost; run: kafka-configs.sh --bootstrap-server <broker> --alter --entity-type topics"
                                + " --entity-name %s --add-config min.insync.replicas=2")
                        .formatted(name, copies, name)
                : null;
    }
}
