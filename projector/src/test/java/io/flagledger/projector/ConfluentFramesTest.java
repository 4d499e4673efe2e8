package io.flagledger.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flagledger.core.codec.Head;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Stage;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.core.kafka.TopicSetup;
import io.flagledger.core.registry.RegistryForTest;
import io.flagledger.core.registry.RegistryForTest.Illness;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaExtension.class)
final class ConfluentFramesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ENVIRONMENT = "gastown-production";

    @TempDir
    private Path folder;

    private final RegistryForTest registry = new RegistryForTest();
    private final KafkaConnection plain;
    private final KafkaConnection confluent;
    private final LedgerTopics topics;
    private final LedgerId ledger;

    ConfluentFramesTest(KafkaForTest broker) throws IOException {
        plain = KafkaConnection.of(broker.bootstrapServers());
        confluent = new KafkaConnection(broker.bootstrapServers(), Map.of("schema.registry.url", registry.url()));
        topics = LedgerTopics.withPrefix(broker.topicPrefix() + "ledger");
        ledger = TopicSetup.ensure(plain, topics, PATIENCE);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void aLedgerInBothFramesIsProjectedOnceTheRegistryAnswersAndTheStoresNeverAskIt() {
        append(plain, FlagCreated.bool("gastown"));
        long last = append(confluent, StageMoved.to("gastown", Stage.ALLOWLIST));
        int asked = registry.asked().size();
        registry.fallIll(Illness.answering(403, "{\"message\":\"not now\"}"));
        // A connection of its own, which knows no id yet.
        KafkaConnection fresh = new KafkaConnection(plain.bootstrapServers(), confluent.properties());
        ProjectorConfig config = new ProjectorConfig(fresh, topics, folder.resolve("state"));
        try (Projector projector = Projector.start(config, ledger)) {
            // The threads that fail, and are replaced, are no fault of the test's.
            await().dontCatchUncaughtExceptions()
                    .atMost(PATIENCE)
                    .until(() -> registry.asked().size() > asked + 1); // it has tried more than once
            registry.recover();
            await().dontCatchUncaughtExceptions()
                    .atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(HistoryUnavailableException.class)
                    .until(() -> projector
                                    .history()
                                    .head(ENVIRONMENT)
                                    .map(Head::sequence)
                                    .orElse(0L)
                            == last);
            assertThat(projector.history().stopped(ENVIRONMENT)).isEmpty();
            assertThat(firstBytesOfTheStateTopic()).isNotEmpty().containsOnly(0);
            assertThat(registry.subjects()).containsExactly(topics.events() + "-value", topics.state() + "-value");

            registry.close();
            assertThat(projector.history().events(ENVIRONMENT, 0, event -> true, 10))
                    .extracting(event -> event.event().sequence())
                    .containsExactly(1L, 2L);
        }
    }

    @Test
    void whoWasToldOfARegistryStartsAnewWhereOneWithoutHadToStop() {
        assertThat(new ProjectorConfig(plain, topics, folder).applicationId(ledger))
                .isNotEqualTo(new ProjectorConfig(confluent, topics, folder).applicationId(ledger));
    }

    private long append(KafkaConnection connection, Change change) {
        try (LedgerWriter writer = LedgerWriter.open(connection, topics, PATIENCE)) {
            AppendResult result = writer.append(ENVIRONMENT, Actor.human("dana"), "a test", List.of(change));
            assertThat(result).isInstanceOf(AppendResult.Accepted.class);
            return ((AppendResult.Accepted) result).sequence();
        }
    }

    private List<Integer> firstBytesOfTheStateTopic() {
        List<Integer> first = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = plain.consumer(PATIENCE)) {
            TopicPartition partition = new TopicPartition(topics.state(), topics.partitionOf(ENVIRONMENT));
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(entry -> first.add(entry.value()[0] & 0xFF));
                return first.size() >= 2;
            });
        }
        return first;
    }
}
