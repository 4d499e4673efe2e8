package io.flagledger.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledBrokerTest {
    @TempDir
    Path folder;

    @Test
    void itsFolderIsHeldUntilItDiesAndKeepsWhatWasCommitted() throws Exception {
        Uuid id;
        try (BrokerProcess other = BrokerProcess.start(folder)) {
            assertThatThrownBy(() -> EmbeddedKafka.start(folder, 0))
                    .isInstanceOf(EmbeddedKafkaException.class)
                    .hasMessageContaining(folder.toRealPath() + " is in use by another broker");
            Clients clients = new Clients(other.bootstrapServers());
            id = clients.create("flags");
            try (var producer = clients.producer("writer")) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("flags", "committed")).get();
                producer.commitTransaction();
            }
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0)) {
            Clients clients = new Clients(kafka.bootstrapServers());
            assertThat(clients.topicId("flags")).isEqualTo(id);
            // The coordinator ends the transaction when it is back, if the kill came between its decision and its
            // markers.
            await().atMost(Duration.ofSeconds(20)).until(() -> clients.readAll("flags"), List.of("committed")::equals);
        }
    }
}
