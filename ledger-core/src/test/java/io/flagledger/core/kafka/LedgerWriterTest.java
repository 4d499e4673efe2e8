package io.flagledger.core.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.command.Refusal;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Details;
import io.flagledger.core.event.Digest;
import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.event.ValueType;
import io.flagledger.core.event.Variants;
import io.flagledger.core.event.Weight;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.MemoryLedger;
import io.flagledger.embedded.EmbeddedKafka;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaExtension.class)
class LedgerWriterTest {
    private static final String ENVIRONMENT = "gastown-test";
    private static final Actor DANA = Actor.human("dana");
    private static final String REASON = "first design partners";
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final KafkaConnection connection;
    private final LedgerTopics topics;
    private final List<LedgerWriter> open = new ArrayList<>();
    private final LedgerWriter writer;

    LedgerWriterTest(KafkaForTest kafka) {
        connection = KafkaConnection.of(kafka.bootstrapServers());
        topics = new LedgerTopics(kafka.topicPrefix() + "events", kafka.topicPrefix() + "state", 1);
        writer = another();
    }

    @AfterEach
    void close() {
        open.forEach(LedgerWriter::close);
    }

    @Test
    void whatIsAcceptedIsInTheLedger() {
        AppendResult.Accepted first = accepted(append(writer, FlagCreated.bool("gastown")));
        AppendResult.Accepted second = accepted(append(writer, killed()));

        assertThat(first.replayed()).isFalse();
        assertThat(first.sequence()).isEqualTo(1);
        assertThat(second.sequence()).isEqualTo(2);
        assertThat(ledger())
                .containsExactly(first.events().get(0), second.events().get(0));
        assertThat(state().flags().get("gastown")).satisfies(flag -> {
            assertThat(flag.killSwitch()).isEqualTo(KillSwitch.ALL_ACCESS);
            assertThat(flag.lastChange().revision()).isEqualTo(2);
            assertThat(flag.lastChange().by()).isEqualTo(DANA);
        });
    }

    @Test
    void aRefusalLeavesNothingInTheLedger() {
        Refusal refusal = refused(append(writer, killed())).refusal();
        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.UNKNOWN_FLAG);
        assertThat(refusal.change()).isEqualTo(killed());
        assertThat(raw()).isEmpty();

        append(writer, FlagCreated.bool("gastown"));
        refused(append(writer, FlagCreated.bool("hooks"), FlagCreated.bool("gastown")));
        assertThat(raw()).hasSize(1);
        assertThat(accepted(append(writer, killed())).sequence()).isEqualTo(2);
    }

    @Test
    void aBatchIsAllOrNothingAndSharesItsChangeId() {
        AppendResult.Accepted batch =
                accepted(append(writer, FlagCreated.bool("gastown"), killed(), FlagCreated.bool("hooks")));
        assertThat(batch.events())
                .extracting(recorded -> recorded.event().batch().index())
                .containsExactly(0, 1, 2);
        assertThat(batch.events())
                .extracting(recorded -> recorded.event().changeId())
                .containsOnly(batch.events().get(0).event().changeId());
        assertThat(ledger()).isEqualTo(batch.events());
        assertThat(state().isWhole()).isTrue();
    }

    @Test
    void recordKeysAreUniqueSoThatCompactionRemovesNothing() {
        append(writer, FlagCreated.bool("gastown"), killed());
        append("gastown-staging", writer, FlagCreated.bool("gastown"));
        append(writer, FlagCreated.bool("hooks"));
        assertThat(raw())
                .extracting(ConsumerRecord::key)
                .containsExactly("gastown-test/1", "gastown-test/2", "gastown-staging/1", "gastown-test/3");
    }

    @Test
    void ledgerTimeIsTheBrokersAppendTime() {
        Recorded recorded =
                accepted(append(writer, FlagCreated.bool("gastown"))).events().get(0);
        assertThat(raw().get(0).timestamp()).isEqualTo(recorded.appendedAt().toEpochMilli());
        assertThat(state().ledgerTime()).isEqualTo(recorded.appendedAt());
    }

    @Test
    void writersTakeTurnsAndSeeEachOthersChanges() {
        LedgerWriter other = another();
        append(writer, FlagCreated.bool("gastown"));
        for (int turn = 0; turn < 5; turn++) {
            assertThat(accepted(append(other, allowed("other-" + turn))).sequence())
                    .isEqualTo(2 + 2 * turn);
            assertThat(accepted(append(writer, allowed("writer-" + turn))).sequence())
                    .isEqualTo(3 + 2 * turn);
        }
        assertThat(refused(append(other, allowed("writer-4"))).refusal().kind()).isEqualTo(Refusal.Kind.ENTRY_EXISTS);
        assertThat(refused(append(writer, allowed("other-4"))).refusal().kind()).isEqualTo(Refusal.Kind.ENTRY_EXISTS);
        assertChained(ledger(), 11);
    }

    @Test
    void aRefusalOutOfDateKnowledgeIsJudgedAgain() {
        append(writer, FlagCreated.bool("gastown"));
        LedgerWriter other = another();
        append(other, FlagCreated.bool("hooks"));
        assertThat(accepted(append(writer, new Change.FlagArchived("hooks"))).sequence())
                .isEqualTo(3);
    }

    @Test
    void aRefusalWaitsForACommitThatReadersDoNotSeeYet() throws Exception {
        append("gastown-staging", writer, FlagCreated.bool("gastown"));
        Recorded pending = MemoryLedger.gastown()
                .accept(FlagCreated.bool("gastown"))
                .events()
                .get(0);
        byte[] value =
                EventCodec.encode(pending.event(), pending.previousDigest()).value();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (KafkaProducer<byte[], byte[]> rival = new KafkaProducer<>(
                connection.with(Map.of("transactional.id", topics.events() + "-rival")),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            rival.initTransactions();
            rival.beginTransaction();
            rival.send(new ProducerRecord<>(topics.events(), 0, EventCodec.key(ENVIRONMENT, 1), value))
                    .get();
            Future<AppendResult> append = thread.submit(() -> append(writer, killed()));
            await().during(Duration.ofMillis(300)).atMost(Duration.ofSeconds(5)).until(() -> !append.isDone());
            rival.commitTransaction();
            assertThat(accepted(append.get()).sequence()).isEqualTo(2);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void racingWritersLeaveNoGapAndLoseNothing() throws Exception {
        List<LedgerWriter> writers = List.of(writer, another());
        append(writer, FlagCreated.bool("gastown"));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<AppendResult>> appends = IntStream.range(0, 200)
                    .<Callable<AppendResult>>mapToObj(i -> () -> writers.get(i % 2)
                            .append(
                                    ENVIRONMENT,
                                    DANA,
                                    REASON,
                                    List.of(allowed("user-" + i)),
                                    AppendOptions.DEFAULT.withTimeout(Duration.ofSeconds(60))))
                    .toList();
            for (Future<AppendResult> append : threads.invokeAll(appends)) {
                accepted(append.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertChained(ledger(), 201);
        assertThat(raw()).hasSize(201);
        assertThat(state().flags().get("gastown"))
                .satisfies(flag -> assertThat(flag.allowlist().users()).hasSize(200));
    }

    @Test
    void aRetryReturnsTheFirstOutcomeWhoeverMakesIt() {
        AppendOptions options = AppendOptions.DEFAULT.withChangeId("click-1");
        List<Change> changes = List.of(FlagCreated.bool("gastown"), FlagCreated.bool("hooks"));
        AppendResult.Accepted first = accepted(writer.append(ENVIRONMENT, DANA, REASON, changes, options));
        append(writer, killed());

        LedgerWriter other = another();
        for (LedgerWriter again : List.of(writer, other)) {
            AppendResult.Accepted retried = accepted(again.append(ENVIRONMENT, DANA, REASON, changes, options));
            assertThat(retried.replayed()).isTrue();
            assertThat(retried.events()).isEqualTo(first.events());
        }
        assertThat(raw()).hasSize(3);
        assertThat(accepted(other.append("gastown-staging", DANA, REASON, changes, options))
                        .replayed())
                .isFalse();
    }

    @Test
    void aRefusedCommandMayBeSentAgainUnderItsChangeId() {
        AppendOptions options = AppendOptions.DEFAULT.withChangeId("click-1");
        refused(writer.append(ENVIRONMENT, DANA, REASON, List.of(killed()), options));
        append(writer, FlagCreated.bool("gastown"));
        assertThat(accepted(writer.append(ENVIRONMENT, DANA, REASON, List.of(killed()), options))
                        .replayed())
                .isFalse();
    }

    @Test
    void whoExpectsAnOldRevisionIsToldWhatCameSince() {
        append(writer, FlagCreated.bool("gastown"), FlagCreated.bool("hooks"));
        LedgerWriter other = another();
        Recorded stage = accepted(append(other, Change.StageMoved.to("gastown", Stage.ALLOWLIST)))
                .events()
                .get(0);
        append(other, new Change.FlagArchived("hooks"));
        Recorded allowed = accepted(append(other, allowed("eve"))).events().get(0);

        AppendResult.Refused refused = refused(writer.append(
                ENVIRONMENT, DANA, REASON, List.of(killed()), AppendOptions.DEFAULT.withExpectedRevision(1L)));
        assertThat(refused.refusal().kind()).isEqualTo(Refusal.Kind.REVISION_MOVED);
        assertThat(refused.since()).containsExactly(stage, allowed);
        accepted(writer.append(
                ENVIRONMENT, DANA, REASON, List.of(killed()), AppendOptions.DEFAULT.withExpectedRevision(3L)));
    }

    @Test
    void anEventThatKafkaWouldNotTakeIsRefused() {
        String text = "x".repeat(60_000);
        Map<String, FlagValue> values = new LinkedHashMap<>();
        IntStream.range(0, 20).forEach(i -> values.put("variant-" + i, new FlagValue.StringValue(text)));
        Refusal refusal = refused(append(writer, created(ValueType.STRING, values, "variant-0")))
                .refusal();
        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.LIMIT_EXCEEDED);
        assertThat(refusal.message())
                .matches(
                        "the event would have 1,20\\d,\\d{3} bytes, but at most 1,000,000 fit: split the change into several");
        assertThat(raw()).isEmpty();
    }

    @Test
    void anEventThatKafkaJustTakesIsAccepted() {
        Map<String, FlagValue> values = new LinkedHashMap<>();
        IntStream.range(0, 16).forEach(i -> values.put("v" + i, new FlagValue.StringValue("x".repeat(62_400))));
        accepted(append(writer, created(ValueType.STRING, values, "v0")));
    }

    @Test
    void anObjectThatIsNoJsonIsRefused() {
        Map<String, FlagValue> values = new LinkedHashMap<>();
        values.put("a", new FlagValue.ObjectValue("{}"));
        values.put("b", new FlagValue.ObjectValue("{\"a\":"));
        Refusal refusal =
                refused(append(writer, created(ValueType.OBJECT, values, "a"))).refusal();
        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.WRONG_VALUE_TYPE);
        assertThat(refusal.message())
                .startsWith("the value of the variant b is no JSON object: the body: this is no JSON: ");
        assertThat(raw()).isEmpty();
    }

    @Test
    void anUndecodableRecordStopsItsEnvironmentAlone() throws Exception {
        append("before", writer, FlagCreated.bool("gastown"));
        send("broken/1", "no event".getBytes(StandardCharsets.UTF_8));
        send("tombstone/1", null);
        append("after", writer, FlagCreated.bool("gastown"));

        for (String environment : List.of("broken", "tombstone")) {
            assertThatExceptionOfType(StoppedException.class)
                    .isThrownBy(() -> reader().read(environment, event -> {}))
                    .withMessageStartingWith("the ledger of %s can't be read past %s-0 at offset "
                            .formatted(environment, topics.events()));
            LedgerWriter other = another();
            assertThatExceptionOfType(StoppedException.class)
                    .isThrownBy(() -> append(environment, other, FlagCreated.bool("gastown")));
        }
        LedgerWriter other = another();
        for (String environment : List.of("before", "after")) {
            assertThat(accepted(append(environment, other, killed())).sequence())
                    .isEqualTo(2);
            awaitAllVisible();
            assertThat(reader().read(environment, event -> {}).sequence()).isEqualTo(2);
        }
    }

    @Test
    void anEventThatDoesNotFollowStopsItsEnvironment() throws Exception {
        Recorded first =
                accepted(append(writer, FlagCreated.bool("gastown"))).events().get(0);
        send(
                "gastown-test/2",
                EventCodec.encode(first.event(), Digest.genesis(ENVIRONMENT)).value());
        assertThatExceptionOfType(StoppedException.class)
                .isThrownBy(this::ledger)
                .withMessageEndingWith("event 1 of gastown-test cannot be folded: the one before it was 1");
    }

    @Test
    void anEnvironmentThatNobodyWroteToIsEmpty() {
        assertThat(state()).isEqualTo(EnvironmentState.empty(ENVIRONMENT));
    }

    @Test
    void aClosedWriterAppendsNothing() {
        append(writer, FlagCreated.bool("gastown"));
        writer.close();
        assertThatIllegalStateException().isThrownBy(() -> append(writer, killed()));
    }

    @Test
    void withoutKafkaAWriterGivesUpInTime() throws Exception {
        KafkaConnection nowhere = TopicSetupTest.nowhere();
        Instant started = Instant.now();
        assertThatExceptionOfType(KafkaUnavailableException.class)
                .isThrownBy(() -> LedgerWriter.open(nowhere, topics, Duration.ofSeconds(2)));
        assertThatExceptionOfType(KafkaUnavailableException.class)
                .isThrownBy(
                        () -> new LedgerReader(nowhere, topics, Duration.ofSeconds(2)).read(ENVIRONMENT, event -> {}))
                .withMessageStartingWith(
                        "could not read the ledger of gastown-test at %s: gave up after 2.".formatted(nowhere));
        assertThat(Duration.between(started, Instant.now())).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aWriterOutlivesItsBroker(@TempDir Path folder) {
        EmbeddedKafka broker = EmbeddedKafka.start(folder, 0);
        KafkaConnection own = KafkaConnection.of(broker.bootstrapServers());
        try (LedgerWriter survivor = LedgerWriter.open(own, topics, TIMEOUT)) {
            append(survivor, FlagCreated.bool("gastown"));
            broker.close();

            AppendOptions brief = AppendOptions.DEFAULT.withChangeId("click").withTimeout(Duration.ofSeconds(2));
            Instant started = Instant.now();
            assertThatExceptionOfType(KafkaUnavailableException.class)
                    .isThrownBy(() -> survivor.append(ENVIRONMENT, DANA, REASON, List.of(killed()), brief))
                    .withMessageStartingWith("could not append to gastown-test: gave up after ");
            assertThat(Duration.between(started, Instant.now())).isLessThan(Duration.ofSeconds(6));

            broker = EmbeddedKafka.start(folder, broker.port());
            AppendOptions patient = AppendOptions.DEFAULT.withChangeId("click").withTimeout(Duration.ofSeconds(30));
            assertThat(accepted(survivor.append(ENVIRONMENT, DANA, REASON, List.of(killed()), patient))
                            .sequence())
                    .isEqualTo(2);
        } finally {
            broker.close();
        }
    }

    private LedgerWriter another() {
        LedgerWriter made = LedgerWriter.open(connection, topics, TIMEOUT);
        open.add(made);
        return made;
    }

    private static AppendResult append(LedgerWriter by, Change... changes) {
        return append(ENVIRONMENT, by, changes);
    }

    private static AppendResult append(String environment, LedgerWriter by, Change... changes) {
        return by.append(environment, DANA, REASON, List.of(changes));
    }

    private static AppendResult.Accepted accepted(AppendResult result) {
        assertThat(result).isInstanceOf(AppendResult.Accepted.class);
        return (AppendResult.Accepted) result;
    }

    private static AppendResult.Refused refused(AppendResult result) {
        assertThat(result).isInstanceOf(AppendResult.Refused.class);
        return (AppendResult.Refused) result;
    }

    private static void assertChained(List<Recorded> events, int count) {
        assertThat(events)
                .extracting(recorded -> recorded.event().sequence())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, count).boxed().toList());
        Digest previous = Digest.genesis(ENVIRONMENT);
        for (Recorded recorded : events) {
            assertThat(recorded.previousDigest()).isEqualTo(previous);
            previous = recorded.digest();
        }
    }

    private LedgerReader reader() {
        return new LedgerReader(connection, topics, TIMEOUT);
    }

    /** A commit returns to its writer a moment before readers see it. */
    private void awaitAllVisible() {
        TopicPartition partition = new TopicPartition(topics.events(), 0);
        try (KafkaConsumer<byte[], byte[]> all = connection.consumer(TIMEOUT, "read_uncommitted");
                KafkaConsumer<byte[], byte[]> visible = connection.consumer(TIMEOUT)) {
            all.assign(List.of(partition));
            visible.assign(List.of(partition));
            long end = all.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            await().until(() -> visible.endOffsets(List.of(partition)).getOrDefault(partition, 0L) >= end);
        }
    }

    private List<Recorded> ledger() {
        awaitAllVisible();
        List<Recorded> events = new ArrayList<>();
        reader().read(ENVIRONMENT, event -> events.add(event.recorded()));
        return events;
    }

    private EnvironmentState state() {
        awaitAllVisible();
        return reader().read(ENVIRONMENT, event -> {});
    }

    /** Every committed record of the topic, as it lies there. */
    private List<ConsumerRecord<String, byte[]>> raw() {
        awaitAllVisible();
        TopicPartition partition = new TopicPartition(topics.events(), 0);
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                connection.with(Map.of("isolation.level", "read_committed")),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** Puts something into the topic behind the writers' backs. */
    private void send(String key, byte @Nullable [] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(connection.with(Map.of()), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topics.events(), 0, key.getBytes(StandardCharsets.UTF_8), value))
                    .get();
        }
    }

    private static Change killed() {
        return new Change.KillSwitchEngaged("gastown", KillSwitch.ALL_ACCESS);
    }

    private static Change allowed(String user) {
        return new Change.AllowlistChanged(
                "gastown", Allowlist.of(List.of(new UserEntry(user, null)), List.of()), Allowlist.EMPTY);
    }

    private static Change created(ValueType type, Map<String, FlagValue> values, String off) {
        Variants variants = new Variants(values, off, List.of(new Weight(off, 1)));
        return new FlagCreated(
                "gastown", type, Details.NONE, variants, Bucketing.of("gastown", BucketBy.ORG), List.of());
    }
}
