package io.flagledger.sdk;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Metric;
import org.jspecify.annotations.Nullable;

/** Whether Kafka has said anything, be it that there is nothing new. For one thread. */
final class Pulse {
    private final @Nullable Metric bytesIn;
    private double before = -1;

    Pulse(KafkaConsumer<byte[], byte[]> consumer) {
        bytesIn = consumer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("incoming-byte-total")
                        && metric.metricName().group().equals("consumer-metrics"))
                .findFirst()
                .orElse(null);
    }

    /** Whether bytes have come in since the last time this was asked. */
    boolean isFelt() {
        double now = bytesIn != null && bytesIn.metricValue() instanceof Double total ? total : -1;
        boolean felt = now > before;
        before = now;
        return felt;
    }
}
