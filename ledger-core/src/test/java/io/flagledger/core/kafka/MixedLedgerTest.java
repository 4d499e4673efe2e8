package io.flagledger.core.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.flagledger.core.codec.UndecodableException;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.FlagDescribed;
import io.flagledger.core.event.Change.FlagRestored;
import io.flagledger.core.proof.Checkpoints;
import io.flagledger.core.proof.Flaw;
import io.flagledger.core.proof.Verification;
import io.flagledger.core.registry.RegistryForTest;
import io.flagledger.core.registry.RegistryForTest.Illness;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One ledger in both frames: first the codec's, then Confluent's, then the codec's again. */
@ExtendWith(KafkaExtension.class)
class MixedLedgerTest {
    private static final String ENVIRONMENT = "gastown-test";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RegistryForTest registry = new RegistryForTest();
    private final KafkaConnection plain;
    private final LedgerTopics topics;

    MixedLedgerTest(KafkaForTest kafka) throws IOException {
        this.plain = KafkaConnection.of(kafka.bootstrapServers());
        this.topics = new LedgerTopics(kafka.topicPrefix() + "events", kafka.topicPrefix() + "state", 1);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void bothFramesAreReadFoldedAndProvenTogether() {
        mixed();

        assertThat(firstBytes()).containsExactly(0xC3, 0xC3, 0, 0, 0xC3);
        assertThat(registry.subjects()).containsExactly(topics.events() + "-value");
        KafkaConnection confluent = confluent();
        List<Long> read = new ArrayList<>();
        assertThat(new LedgerReader(confluent, topics, PATIENCE)
                        .read(ENVIRONMENT, event -> read.add(event.sequence()))
                        .sequence())
                .isEqualTo(5);
        assertThat(read).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(verified(confluent)).isInstanceOf(Verification.Sound.class);
        try (LedgerTail tail = new LedgerReader(confluent, topics, PATIENCE).follow(ENVIRONMENT, Reading.ALL.upTo(5))) {
            List<EventRecord> seen = new ArrayList<>();
            while (!tail.isDone()) {
                seen.addAll(tail.poll(PATIENCE));
            }
            assertThat(seen).hasSize(5);
        }
    }

    @Test
    void aRetryARefusalAndARestorationLookBackOverBothFrames() {
        mixed();
        try (LedgerWriter writer = LedgerWriter.open(confluent(), topics, PATIENCE)) {
            assertThat(append(writer, "third", titled("title 3")))
                    .isInstanceOfSatisfying(
                            AppendResult.Accepted.class,
                            again -> assertThat(again.events())
                                    .extracting(event -> event.event().sequence())
                                    .containsExactly(3L));
            assertThat(writer.append(
                            ENVIRONMENT,
                            Actor.human("dana"),
                            "too late",
                            List.of(titled("x")),
                            AppendOptions.DEFAULT.withExpectedRevision(1L)))
                    .isInstanceOfSatisfying(
                            AppendResult.Refused.class,
                            refused -> assertThat(refused.since()).hasSize(4));
            append(writer, "back", FlagRestored.to("gastown", 3));
        }
        assertThat(new LedgerReader(confluent(), topics, PATIENCE)
                        .read(ENVIRONMENT, event -> {})
                        .flags()
                        .get("gastown"))
                .satisfies(
                        flag -> assertThat(flag.definition().details().title()).isEqualTo("title 3"));
        assertThat(verified(confluent())).isInstanceOf(Verification.Sound.class);
    }

    @Test
    void withoutARegistryTheFirstEventInItsFrameIsNamedWithItsId() {
        mixed();
        assertThatExceptionOfType(StoppedException.class)
                .isThrownBy(() -> new LedgerReader(plain, topics, PATIENCE).read(ENVIRONMENT, event -> {}))
                .withMessageContaining("id 1")
                .withMessageContaining("schema.registry.url")
                .withCauseInstanceOf(UndecodableException.class);
        assertThat(verified(plain)).isInstanceOfSatisfying(Verification.Broken.class, broken -> {
            assertThat(broken.flaw()).isEqualTo(Flaw.UNREADABLE);
            assertThat(broken.sequence()).isEqualTo(3);
        });
    }

    @Test
    void whileTheRegistryIsAwayNothingIsSaidOfTheLedgerAndAReadGoesOnWhereItEnded() {
        mixed();
        registry.fallIll(Illness.answering(403, ""));
        KafkaConnection confluent = confluent();
        LedgerReader reader = new LedgerReader(confluent, topics, PATIENCE);
        assertThatExceptionOfType(KafkaUnavailableException.class)
                .isThrownBy(() -> reader.read(ENVIRONMENT, event -> {}))
                .withMessageContaining(registry.url());
        assertThatExceptionOfType(KafkaUnavailableException.class).isThrownBy(() -> verified(confluent));

        try (LedgerTail tail = reader.follow(ENVIRONMENT, Reading.ALL.upTo(5))) {
            List<Long> seen = new ArrayList<>();
            assertThatExceptionOfType(KafkaUnavailableException.class).isThrownBy(() -> {
                while (true) {
                    tail.poll(PATIENCE).forEach(event -> seen.add(event.sequence()));
                }
            });
            assertThat(seen).containsExactly(1L, 2L);
            registry.recover();
            while (!tail.isDone()) {
                tail.poll(PATIENCE).forEach(event -> seen.add(event.sequence()));
            }
            assertThat(seen).containsExactly(1L, 2L, 3L, 4L, 5L);
        }
    }

    @Test
    void aWriterWaitsForARegistryThatIsAwayAndTakesARefusalAtOnce() {
        mixed();
        registry.fallIll(Illness.answering(409, "{\"message\":\"incompatible\"}"));
        KafkaConnection fresh = confluent();
        try (LedgerWriter writer = LedgerWriter.open(fresh, topics, PATIENCE)) {
            assertThatExceptionOfType(KafkaUnavailableException.class)
                    .isThrownBy(() -> append(writer, "sixth", titled("title 6")))
                    .withMessageContaining("409: incompatible")
                    .withMessageContaining("refuses and will again");
            registry.fallIll(Illness.answering(503, ""));
            Thread healer = new Thread(() -> {
                int asked = registry.asked().size();
                while (registry.asked().size() < asked + 2) {
                    Thread.onSpinWait();
                }
                registry.recover();
            });
            healer.start();
            assertThat(append(writer, "sixth", titled("title 6"))).isInstanceOf(AppendResult.Accepted.class);
        }
        assertThat(firstBytes()).containsExactly(0xC3, 0xC3, 0, 0, 0xC3, 0);
    }

    @Test
    void withoutAutoRegisterTheFirstAppendSaysWhatIsMissing() {
        KafkaConnection only = new KafkaConnection(
                plain.bootstrapServers(),
                Map.of("schema.registry.url", registry.url(), "auto.register.schemas", "false"));
        try (LedgerWriter writer = LedgerWriter.open(only, topics, PATIENCE)) {
            assertThatExceptionOfType(KafkaUnavailableException.class)
                    .isThrownBy(() -> append(writer, "first", FlagCreated.bool("gastown")))
                    .withMessageContaining(topics.events() + "-value")
                    .withMessageContaining("auto.register.schemas");
        }
        assertThat(firstBytes()).isEmpty();
    }

    private void mixed() {
        try (LedgerWriter writer = LedgerWriter.open(plain, topics, PATIENCE)) {
            append(writer, "first", FlagCreated.bool("gastown"));
            append(writer, "second", titled("title 2"));
        }
        try (LedgerWriter writer = LedgerWriter.open(confluent(), topics, PATIENCE)) {
            append(writer, "third", titled("title 3"));
            append(writer, "fourth", titled("title 4"));
        }
        Map<String, String> properties =
                Map.of("schema.registry.url", registry.url(), "flag.ledger.frame", "single-object");
        try (LedgerWriter writer =
                LedgerWriter.open(new KafkaConnection(plain.bootstrapServers(), properties), topics, PATIENCE)) {
            append(writer, "fifth", titled("title 5"));
        }
    }

    private KafkaConnection confluent() {
        return new KafkaConnection(plain.bootstrapServers(), Map.of("schema.registry.url", registry.url()));
    }

    private static Change titled(String title) {
        return new FlagDescribed("gastown", title, null, null, null, null);
    }

    private static AppendResult append(LedgerWriter writer, String changeId, Change change) {
        return writer.append(
                ENVIRONMENT,
                Actor.human("dana"),
                "tests",
                List.of(change),
                AppendOptions.DEFAULT.withChangeId(changeId).withTimeout(PATIENCE));
    }

    private Verification verified(KafkaConnection connection) {
        return new LedgerVerifier(connection, topics, PATIENCE)
                .verify(ENVIRONMENT, Checkpoints.NONE, Progress.NONE)
                .orElseThrow()
                .verification();
    }

    private List<Integer> firstBytes() {
        TopicPartition partition = new TopicPartition(topics.events(), 0);
        List<Integer> first = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = plain.consumer(PATIENCE)) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> found : consumer.poll(Duration.ofMillis(100))) {
                    first.add(found.value()[0] & 0xFF);
                }
            }
        }
        return first;
    }
}
