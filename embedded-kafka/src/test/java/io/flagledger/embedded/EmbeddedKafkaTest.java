package io.flagledger.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {
    @TempDir
    Path folder;

    @Test
    void carriesRecordsOfPlainAndOfTransactionalClients() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0)) {
            Clients clients = new Clients(kafka.bootstrapServers());
            clients.create("flags");
            try (var producer = clients.producer()) {
                producer.send(new ProducerRecord<>("flags", "plain")).get();
            }
            try (var producer = clients.producer("writer")) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("flags", "aborted")).get();
                producer.abortTransaction();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("flags", "committed")).get();
                producer.commitTransaction();
            }
            assertThat(clients.consume("readers", "flags", 2)).containsExactly("plain", "committed");
        }
    }

    @Test
    void aSecondWriterOfATransactionalIdFencesTheFirst() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0)) {
            Clients clients = new Clients(kafka.bootstrapServers());
            clients.create("flags");
            try (var first = clients.producer("writer");
                    var second = clients.producer("writer")) {
                first.initTransactions();
                first.beginTransaction();
                first.send(new ProducerRecord<>("flags", "left open")).get();
                second.initTransactions();
                assertThatThrownBy(first::commitTransaction).isInstanceOf(ProducerFencedException.class);
            }
            assertThat(clients.readAll("flags")).isEmpty();
        }
    }

    @Test
    void keepsTopicsIdsRecordsAndOffsetsAcrossARestartOnOtherPorts() throws Exception {
        Uuid id;
        int port;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0)) {
            Clients clients = new Clients(kafka.bootstrapServers());
            port = kafka.port();
            id = clients.create("flags");
            try (var producer = clients.producer()) {
                for (String value : List.of("a", "b", "c")) {
                    producer.send(new ProducerRecord<>("flags", value)).get();
                }
            }
            assertThat(clients.consume("readers", "flags", 1)).containsExactly("a");
        }
        // held, so that the second broker cannot get the same port by chance
        try (Loopback first = Loopback.bind(port);
                EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0)) {
            Clients clients = new Clients(kafka.bootstrapServers());
            assertThat(kafka.port()).isNotEqualTo(first.brokerPort());
            assertThat(clients.topicId("flags")).isEqualTo(id);
            assertThat(clients.readAll("flags")).containsExactly("a", "b", "c");
            assertThat(clients.consume("readers", "flags", 2)).containsExactly("b", "c");
        }
    }

    @Test
    void listensOnTheChosenPortAgainRightAfterClosing() {
        int port;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0)) {
            port = kafka.port();
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, port)) {
            assertThat(kafka.port()).isEqualTo(port);
            assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
        }
    }

    @Test
    void closingTwiceOrWhileInterruptedShutsDownOnce() throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0);
        Thread.currentThread().interrupt();
        kafka.close();
        assertThat(Thread.interrupted()).isTrue();
        kafka.close();
        EmbeddedKafka.start(folder, 0).close();
    }

    @Test
    void twoBrokersLiveInOneJvm(@TempDir Path other) throws Exception {
        try (EmbeddedKafka one = EmbeddedKafka.start(folder, 0);
                EmbeddedKafka two = EmbeddedKafka.start(other, 0)) {
            assertThat(new Clients(one.bootstrapServers()).create("flags"))
                    .isNotEqualTo(new Clients(two.bootstrapServers()).create("flags"));
        }
    }

    @Test
    void createsTheFolderAndTellsItsRealPath() throws Exception {
        Path absent = folder.resolve("not/yet");
        try (EmbeddedKafka kafka = EmbeddedKafka.in(absent).start()) {
            assertThat(kafka.folder()).isEqualTo(absent.toRealPath());
            assertThat(Files.isDirectory(absent)).isTrue();
        }
    }

    @Test
    void takesPropertiesButNotThoseThatMakeItEmbedded() throws Exception {
        assertThatThrownBy(() -> EmbeddedKafka.in(folder).property("listeners", "PLAINTEXT://0.0.0.0:9092"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("listeners");
        assertThatThrownBy(() -> EmbeddedKafka.in(folder).port(65_536)).isInstanceOf(IllegalArgumentException.class);
        try (EmbeddedKafka kafka = EmbeddedKafka.in(folder)
                .property("auto.create.topics.enable", "true")
                .start()) {
            Clients clients = new Clients(kafka.bootstrapServers());
            try (var producer = clients.producer()) {
                producer.send(new ProducerRecord<>("made-by-use", "a")).get();
            }
            assertThat(clients.readAll("made-by-use")).containsExactly("a");
        }
    }
}
