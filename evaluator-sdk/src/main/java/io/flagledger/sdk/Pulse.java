package io.flagledger.sdk;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Whether the broker that a partition is fetched from still answers. For one thread. */
final class Pulse {
    /*
     * A consumer keeps a fetch open at the leader of each partition that it follows, and one that finds nothing is answered
     * all the same, after fetch.max.wait.ms. So the answers that came over the connection to that one broker tell whether
     * the partition is heard of; those of other brokers, which the consumer's own totals count too, tell nothing. Both
     * the count and the leader are in the client's memory: nothing is asked of anybody.
     */
    private static final int NOBODY = -1;

    private final KafkaConsumer<?, ?> consumer;
    private final TopicPartition partition;
    private int broker = NOBODY;
    private @Nullable Metric answers;
    private double before;

    Pulse(KafkaConsumer<?, ?> consumer, TopicPartition partition) {
        this.consumer = consumer;
        this.partition = partition;
    }

    /** Whether the broker has answered anything since the last time this was asked. */
    boolean isFelt() {
        int now = source();
        if (now != broker || answers == null) {
            broker = now;
            answers = answers(now);
            before = total();
            return false; // whatever it has answered may be from long ago
        }
        double total = total();
        boolean felt = total > before;
        before = total;
        return felt;
    }

    /** Whether the client knows of no broker that has the partition: it has no leader, or its topic is gone. */
    boolean hasNobody() {
        return broker == NOBODY;
    }

    private double total() {
        return answers != null && answers.metricValue() instanceof Double total ? total : 0;
    }

    /** The leader, or where the cluster says so, the replica that is nearer. */
    private int source() {
        for (Map.Entry<MetricName, ? extends Metric> metric : consumer.metrics().entrySet()) {
            if (metric.getKey().name().equals("preferred-read-replica")
                    && partition.topic().equals(metric.getKey().tags().get("topic"))
                    && String.valueOf(partition.partition())
                            .equals(metric.getKey().tags().get("partition"))
                    && metric.getValue().metricValue() instanceof Integer replica
                    && replica >= 0) {
                return replica;
            }
        }
        try {
            for (PartitionInfo info : consumer.partitionsFor(partition.topic(), Duration.ZERO)) {
                Node leader = info.leader();
                if (info.partition() == partition.partition() && leader != null) {
                    return leader.id();
                }
            }
        } catch (TimeoutException e) {
            return NOBODY; // the client has forgotten the topic
        }
        return NOBODY;
    }

    private @Nullable Metric answers(int id) {
        String node = "node-" + id;
        for (Map.Entry<MetricName, ? extends Metric> metric : consumer.metrics().entrySet()) {
            if (metric.getKey().name().equals("response-total")
                    && node.equals(metric.getKey().tags().get("node-id"))) {
                return metric.getValue();
            }
        }
        return null;
    }
}
