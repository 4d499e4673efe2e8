package io.flagledger.sdk;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/** Whether anything comes over a consumer's connections. For one thread. */
final class Ear {
    /*
     * A fetch that finds nothing is answered after half a second. Where nothing at all has come for three times as long,
     * and the same broker answers questions over another connection, this one is dead and neither side knows. Kafka's
     * client would give it up only after its request timeout, which must be long enough for a large answer on a slow line.
     */
    private static final Duration PATIENCE = Duration.ofMillis(1_500);

    private final @Nullable Metric bytes;
    private double before;
    private long heardAt = System.nanoTime();

    Ear(KafkaConsumer<?, ?> consumer) {
        bytes = consumer.metrics().entrySet().stream()
                .filter(metric -> isTotal(metric.getKey()))
                .<Metric>map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private static boolean isTotal(MetricName name) {
        return name.name().equals("incoming-byte-total") && name.group().equals("consumer-metrics");
    }

    /** Begins to wait anew. */
    void rest() {
        heardAt = System.nanoTime();
    }

    /** Whether nothing has come for long. To be asked often: what comes is noticed only then. */
    boolean isDeaf() {
        long now = System.nanoTime();
        if (bytes == null) {
            return false; // a client that does not count
        }
        if (bytes.metricValue() instanceof Double total && total != before) {
            before = total;
            heardAt = now;
        }
        return now - heardAt > PATIENCE.toNanos();
    }
}
