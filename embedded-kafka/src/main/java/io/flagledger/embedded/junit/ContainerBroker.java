package io.flagledger.embedded.junit;

import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** Kafka as others package it, in a container; the tests that use it are the same ones. Seen only where it is asked for. */
final class ContainerBroker implements AutoCloseable {
    /** The version of the clients; `deploy/versions` names the same. */
    private static final String IMAGE = "apache/kafka:4.3.1";

    private final KafkaContainer kafka;

    private ContainerBroker(KafkaContainer kafka) {
        this.kafka = kafka;
    }

    /** Starts it, and returns when clients can use it. Fails where there is no container engine: nothing is skipped. */
    static ContainerBroker start() {
        KafkaContainer kafka = new KafkaContainer(DockerImageName.parse(IMAGE))
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_NUM_PARTITIONS", "1")
                .withEnv("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "1")
                .withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "1")
                .withEnv("KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS", "1000");
        kafka.start();
        return new ContainerBroker(kafka);
    }

    String bootstrapServers() {
        return kafka.getBootstrapServers().replaceFirst("^PLAINTEXT://", "");
    }

    @Override
    public void close() {
        kafka.stop();
    }
}
