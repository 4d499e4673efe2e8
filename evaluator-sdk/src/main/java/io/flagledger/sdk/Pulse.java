package io.flagledger.sdk;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Metric;
import org.jspecify.annotations.Nullable;

/** Whether Kafka has answered a fetch, be it that there is nothing new. For one thread. */
final class Pulse {
    private final @Nullable Metric fetches;
    private double before = -1;

    Pulse(KafkaConsumer<byte[], byte[]> consumer) {
        fetches = consumer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("fetch-total")
                        && metric.metricName().group().equals("consumer-fetch-manager-metrics"))
                .findFirst()
                .orElse(null);
    }

    /** Whether a fetch was answered since the last time this was asked. */
    boolean isFelt() {
        double now = fetches != null && fetches.metricValue() instanceof Double total ? total : -1;
        boolean felt = now > before;
        before = now;
        return felt;
    }
}
