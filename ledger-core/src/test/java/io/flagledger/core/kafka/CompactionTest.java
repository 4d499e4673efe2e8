package io.flagledger.core.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.KillSwitchReleased;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.MemoryLedger;
import io.flagledger.core.proof.Checkpoint;
import io.flagledger.core.proof.Checkpoints;
import io.flagledger.core.proof.Verification.Sound;
import io.flagledger.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The events topic is compacted by key, and no two events have the same: so nothing may ever go. */
class CompactionTest {
    private static final String ENVIRONMENT = "gastown-test";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final LedgerTopics TOPICS = new LedgerTopics("events", "state", 1);
    private static final TopicPartition PARTITION = new TopicPartition(TOPICS.events(), 0);

    @Test
    void aCompactionRemovesNoEventAndChangesNoOrder(@TempDir Path folder) throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.in(folder)
                .property("log.cleaner.backoff.ms", "100")
                .start()) {
            KafkaConnection connection = KafkaConnection.of(kafka.bootstrapServers());
            try (LedgerWriter writer = LedgerWriter.open(connection, TOPICS, PATIENCE);
                    KafkaProducer<byte[], byte[]> other = new KafkaProducer<>(
                            connection.with(Map.of()), new ByteArraySerializer(), new ByteArraySerializer())) {
                sacrifice(other);
                append(writer, FlagCreated.bool("gastown"), FlagCreated.bool("hooks"));
                for (int i = 0; i < 10; i++) {
                    append(writer, new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS));
                    append(writer, new KillSwitchReleased("gastown"));
                }
                List<EventRecord> before = read(connection);
                assertThat(before).hasSize(22);
                LedgerVerifier verifier = new LedgerVerifier(connection, TOPICS, PATIENCE);
                LedgerVerifier.Outcome proven = verifier.verify(ENVIRONMENT, Checkpoints.NONE, Progress.NONE)
                        .orElseThrow();
                Checkpoint checkpoint =
                        Checkpoint.of(proven.ledgerId(), proven.verification().extent(), Instant.now());
                assertThat(offsets(connection)).contains(0L);

                compactSoon(connection);
                await().atMost(PATIENCE).until(() -> {
                    sacrifice(other); // ends the segment, as time alone does not
                    return !offsets(connection).contains(0L);
                });

                assertThat(read(connection)).isEqualTo(before);
                assertThat(verifier.verify(ENVIRONMENT, new Checkpoints(List.of(checkpoint), false), Progress.NONE)
                                .orElseThrow()
                                .verification())
                        .isInstanceOf(Sound.class);
                append(writer, new KillSwitchEngaged("hooks", KillSwitch.ALL_ACCESS));
            }
        }
    }

    /** The same key each time, so that a compaction takes all but the last; the first lies in front of the ledger. */
    private static void sacrifice(KafkaProducer<byte[], byte[]> by) throws Exception {
        Recorded event = new MemoryLedger("sacrifice")
                .accept(FlagCreated.bool("gastown"))
                .events()
                .get(0);
        byte[] value = EventCodec.encode(event.event(), event.previousDigest()).value();
        by.send(new ProducerRecord<>(PARTITION.topic(), 0, EventCodec.key("sacrifice", 1), value))
                .get();
    }

    private static void append(LedgerWriter writer, Change... changes) {
        assertThat(writer.append(ENVIRONMENT, Actor.human("dana"), "calm", List.of(changes)))
                .isInstanceOf(AppendResult.Accepted.class);
    }

    private static List<EventRecord> read(KafkaConnection connection) {
        List<EventRecord> events = new ArrayList<>();
        new LedgerReader(connection, TOPICS, PATIENCE).read(ENVIRONMENT, events::add);
        return events;
    }

    private static List<Long> offsets(KafkaConnection connection) {
        List<Long> offsets = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = connection.consumer(PATIENCE)) {
            consumer.assign(List.of(PARTITION));
            consumer.seek(PARTITION, 0);
            long end = consumer.endOffsets(List.of(PARTITION)).getOrDefault(PARTITION, 0L);
            while (consumer.position(PARTITION) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(read -> offsets.add(read.offset()));
            }
        }
        return offsets;
    }

    private static void compactSoon(KafkaConnection connection) throws Exception {
        try (Admin admin = Admin.create(connection.with(Map.of()))) {
            List<AlterConfigOp> settings = Stream.of(
                            new ConfigEntry("segment.ms", "1"), new ConfigEntry("min.cleanable.dirty.ratio", "0"))
                    .map(entry -> new AlterConfigOp(entry, OpType.SET))
                    .toList();
            admin.incrementalAlterConfigs(
                            Map.of(new ConfigResource(ConfigResource.Type.TOPIC, TOPICS.events()), settings))
                    .all()
                    .get();
        }
    }
}
