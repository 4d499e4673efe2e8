package io.flagledger.core.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.command.Refusal;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.MemoryLedger;
import io.flagledger.embedded.KafkaProxy;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The writer where Kafka, the network or its rivals do it ill. */
@ExtendWith(KafkaExtension.class)
class HardenedWriterTest {
    private static final String ENVIRONMENT = "gastown-test";
    private static final Actor DANA = Actor.human("dana");
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final AppendOptions PATIENT = AppendOptions.DEFAULT.withTimeout(Duration.ofSeconds(40));

    private final KafkaForTest kafka;
    private final KafkaConnection connection;
    private final LedgerTopics topics;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    HardenedWriterTest(KafkaForTest kafka) {
        this.kafka = kafka;
        this.connection = KafkaConnection.of(kafka.bootstrapServers());
        this.topics = new LedgerTopics(kafka.topicPrefix() + "events", kafka.topicPrefix() + "state", 1);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void aCommitWhoseOutcomeIsLostIsFoundInTheLogAndNotDoubled() throws Exception {
        try (KafkaProxy proxy = KafkaProxy.before(kafka.bootstrapServers());
                LedgerWriter writer = LedgerWriter.open(through(proxy), topics, TIMEOUT)) {
            append(writer, FlagCreated.bool("gastown"));
            proxy.beDeafAfter(ApiKeys.END_TXN);
            Future<AppendResult> append = threads.submit(() -> append(writer, FlagCreated.bool("hooks")));
            // By then it has given up to wait for the commit.
            await().atMost(TIMEOUT)
                    .until(() -> proxy.hasLost(ApiKeys.INIT_PRODUCER_ID)
                            || proxy.hasLost(ApiKeys.FIND_COORDINATOR)
                            || proxy.hasLost(ApiKeys.API_VERSIONS));
            assertThat(new LedgerReader(connection, topics, TIMEOUT)
                            .read(ENVIRONMENT, event -> {})
                            .sequence())
                    .as("it was committed, and the writer does not know")
                    .isEqualTo(2);
            proxy.listen();
            assertThat(append.get()).isInstanceOfSatisfying(AppendResult.Accepted.class, accepted -> {
                assertThat(accepted.sequence()).isEqualTo(2);
                assertThat(accepted.replayed()).isFalse();
            });
            assertThat(((AppendResult.Accepted) append(writer, FlagCreated.bool("convoys"))).sequence())
                    .isEqualTo(3);
        }
    }

    @Test
    void aCommitWhoseRequestWasCutOffIsDoneOnce() throws Exception {
        try (KafkaProxy proxy = KafkaProxy.before(kafka.bootstrapServers());
                LedgerWriter writer = LedgerWriter.open(through(proxy), topics, TIMEOUT)) {
            append(writer, FlagCreated.bool("gastown"));
            proxy.holdNext(ApiKeys.END_TXN);
            Future<AppendResult> append = threads.submit(() -> append(writer, FlagCreated.bool("hooks")));
            await().atMost(TIMEOUT).until(proxy::isHolding);
            proxy.cut();
            proxy.release();
            assertThatExceptionOfType(KafkaUnavailableException.class)
                    .isThrownBy(() -> writer.append(
                            ENVIRONMENT,
                            DANA,
                            "calm",
                            List.of(FlagCreated.bool("polecats")),
                            PATIENT.withTimeout(Duration.ofMillis(700))));
            proxy.restore();
            assertThat(append.get())
                    .isInstanceOfSatisfying(
                            AppendResult.Accepted.class,
                            accepted -> assertThat(accepted.sequence()).isEqualTo(2));
            assertThat(((AppendResult.Accepted) append(writer, FlagCreated.bool("convoys"))).sequence())
                    .isEqualTo(3);
        }
    }

    @Test
    void aCallerLeavesInTimeWhateverAKafkaCallTakes() throws Exception {
        try (KafkaProxy proxy = KafkaProxy.before(kafka.bootstrapServers());
                LedgerWriter writer = LedgerWriter.open(through(proxy), topics, TIMEOUT)) {
            append(writer, FlagCreated.bool("gastown"));
            proxy.beDeaf();
            AppendOptions brief = PATIENT.withChangeId("click").withTimeout(Duration.ofMillis(700));
            List<Change> changes = List.of(FlagCreated.bool("hooks"));
            long started = System.nanoTime();
            assertThatExceptionOfType(KafkaUnavailableException.class)
                    .isThrownBy(() -> writer.append(ENVIRONMENT, DANA, "calm", changes, brief))
                    .withMessageMatching("could not append to gastown-test: gave up after \\d\\.\\d s in 1 try");
            assertThatExceptionOfType(KafkaUnavailableException.class)
                    .isThrownBy(() -> writer.append(ENVIRONMENT, DANA, "calm", changes, brief))
                    .withMessageMatching(
                            "could not append to gastown-test: gave up after \\d\\.\\d s waiting for the changes before it");
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(4));

            proxy.listen();
            AppendResult result = writer.append(ENVIRONMENT, DANA, "calm", changes, PATIENT.withChangeId("click"));
            assertThat(((AppendResult.Accepted) result).sequence()).isEqualTo(2);
        }
    }

    @Test
    void whatADeadRivalLeftOpenIsEndedAndItCannotComeBack() throws Exception {
        try (LedgerWriter writer = LedgerWriter.open(connection, topics, TIMEOUT);
                KafkaProducer<byte[], byte[]> rival = rival("flag-ledger-writer-" + topics.events() + "-0")) {
            append(writer, FlagCreated.bool("gastown"));
            leaveOpen(rival);
            long started = System.nanoTime();
            AppendResult result = append(writer, FlagCreated.bool("gastown"));
            assertThat(((AppendResult.Refused) result).refusal().kind()).isEqualTo(Refusal.Kind.FLAG_EXISTS);
            assertThat(((AppendResult.Refused) result).sequence()).isEqualTo(1);
            // sooner than the transaction would time out
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(8));
            assertThatThrownBy(rival::commitTransaction).isInstanceOf(KafkaException.class);
            assertThat(((AppendResult.Accepted) append(writer, FlagCreated.bool("hooks"))).sequence())
                    .isEqualTo(2);
        }
    }

    @Test
    void closingTurnsAwayTheAppendsThatWait() throws Exception {
        LedgerWriter writer = LedgerWriter.open(connection, topics, TIMEOUT);
        append(writer, FlagCreated.bool("gastown"));
        try (KafkaProducer<byte[], byte[]> rival = rival(topics.events() + "-rival")) {
            leaveOpen(rival);
            List<Future<AppendResult>> waiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waiting.add(threads.submit(() -> append(writer, FlagCreated.bool("gastown"))));
            }
            await().during(Duration.ofMillis(200))
                    .atMost(TIMEOUT)
                    .until(() -> waiting.stream().noneMatch(Future::isDone));
            writer.close();
            for (Future<AppendResult> append : waiting) {
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(append::get)
                        .withCauseInstanceOf(IllegalStateException.class)
                        .withMessageContaining("this writer is closed");
            }
            writer.close();
        }
    }

    @Test
    void oneWriterServesManyEnvironmentsFromManyThreads() throws Exception {
        LedgerTopics many = new LedgerTopics(topics.events(), topics.state(), 3);
        try (LedgerWriter writer = LedgerWriter.open(connection, many, TIMEOUT)) {
            List<Callable<AppendResult>> appends = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                String environment = "environment-" + i % 6;
                FlagCreated change = FlagCreated.bool("flag-" + i);
                appends.add(() -> writer.append(environment, DANA, "calm", List.of(change), PATIENT));
            }
            for (Future<AppendResult> append : threads.invokeAll(appends)) {
                assertThat(append.get()).isInstanceOf(AppendResult.Accepted.class);
            }
        }
        LedgerReader reader = new LedgerReader(connection, many, TIMEOUT);
        for (int i = 0; i < 6; i++) {
            String environment = "environment-" + i;
            await().atMost(TIMEOUT)
                    .until(() -> reader.read(environment, event -> {}).sequence() == 10);
        }
    }

    @Test
    void aLedgerThatTookThePlaceOfAnotherIsNotWrittenToByWhoKnowsTheOther() throws Exception {
        try (LedgerWriter old = LedgerWriter.open(connection, topics, TIMEOUT)) {
            append(old, FlagCreated.bool("gastown"));
            append(old, FlagCreated.bool("hooks"));
            List<String> both = List.of(topics.events(), topics.state());
            kafka.admin().deleteTopics(both).all().get();
            await().atMost(TIMEOUT)
                    .until(() -> Collections.disjoint(
                            kafka.admin().listTopics().names().get(), both));
            TopicSetup.ensure(connection, topics, TIMEOUT);

            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> append(old, FlagCreated.bool("convoys")))
                    .withMessageContaining("the ledger was deleted or replaced; restart to use the new one");
            try (LedgerWriter restarted = LedgerWriter.open(connection, topics, TIMEOUT)) {
                assertThat(((AppendResult.Accepted) append(restarted, FlagCreated.bool("polecats"))).sequence())
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void whatKafkaRefusesIsNotTriedAgain() throws Exception {
        try (LedgerWriter writer = LedgerWriter.open(connection, topics, TIMEOUT)) {
            ConfigResource events = new ConfigResource(ConfigResource.Type.TOPIC, topics.events());
            AlterConfigOp small =
                    new AlterConfigOp(new ConfigEntry("max.message.bytes", "100"), AlterConfigOp.OpType.SET);
            kafka.admin()
                    .incrementalAlterConfigs(Map.of(events, List.of(small)))
                    .all()
                    .get();
            assertThatExceptionOfType(KafkaUnavailableException.class)
                    .isThrownBy(() -> append(writer, FlagCreated.bool("gastown")))
                    .withMessageStartingWith("could not append to gastown-test: Kafka refuses and will again; last: ");
        }
    }

    @Test
    void aWriterToWhatIsThereCreatesNothing() throws Exception {
        assertThat(LedgerWriter.find(connection, topics, TIMEOUT)).isEmpty();
        assertThat(kafka.admin().listTopics().names().get()).doesNotContain(topics.events(), topics.state());
        LedgerWriter.open(connection, topics, TIMEOUT).close();
        try (LedgerWriter found = LedgerWriter.find(connection, topics, TIMEOUT).orElseThrow()) {
            assertThat(append(found, FlagCreated.bool("gastown"))).isInstanceOf(AppendResult.Accepted.class);
        }
    }

    private static KafkaConnection through(KafkaProxy proxy) {
        return KafkaConnection.of(proxy.bootstrapServers());
    }

    private KafkaProducer<byte[], byte[]> rival(String transactionalId) {
        return new KafkaProducer<>(
                connection.with(Map.of("transactional.id", transactionalId)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Leaves an event in the log that is not committed. */
    private void leaveOpen(KafkaProducer<byte[], byte[]> rival) throws Exception {
        Recorded pending = MemoryLedger.gastown()
                .accept(FlagCreated.bool("gastown"))
                .events()
                .get(0);
        byte[] value =
                EventCodec.encode(pending.event(), pending.previousDigest()).value();
        rival.initTransactions();
        rival.beginTransaction();
        rival.send(new ProducerRecord<>(topics.events(), 0, EventCodec.key(ENVIRONMENT, 2), value))
                .get();
    }

    private static AppendResult append(LedgerWriter by, Change change) {
        return by.append(ENVIRONMENT, DANA, "calm", List.of(change), PATIENT);
    }
}
