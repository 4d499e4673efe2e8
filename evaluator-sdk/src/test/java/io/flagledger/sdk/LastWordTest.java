package io.flagledger.sdk;

import static io.flagledger.sdk.TestLedger.ENVIRONMENT;
import static io.flagledger.sdk.TestLedger.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Stage;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.embedded.KafkaProxy;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.sdk.Status.State;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What counts as a word that answers are current, and what does not. */
@ExtendWith(KafkaExtension.class)
final class LastWordTest {
    private static final Duration STALE_AFTER = Duration.ofSeconds(1);

    private TestLedger ledger;
    private KafkaProxy proxy;
    private KafkaConnection direct;
    private FlagLedgerConfig config;

    @BeforeEach
    void start(KafkaForTest broker) throws Exception {
        ledger = new TestLedger(broker.bootstrapServers(), broker.topicPrefix() + "ledger");
        ledger.append(FlagCreated.bool("gastown"));
        proxy = KafkaProxy.before(broker.bootstrapServers());
        direct = KafkaConnection.of(broker.bootstrapServers());
        config = FlagLedgerConfig.of(proxy.bootstrapServers(), ENVIRONMENT)
                .withTopics(ledger.topics())
                .withStaleAfter(STALE_AFTER);
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        ledger.close();
    }

    @Test
    void greetingsAfterASilenceAreNoWordThatNothingIsMissed() throws Exception {
        try (FlagLedger flags = FlagLedger.connect(config)) {
            assertThat(flags.awaitCurrent(PATIENCE)).isTrue();
            proxy.lose(ApiKeys.FETCH);
            proxy.cut();
            long unseen = ledger.append(StageMoved.to("gastown", Stage.ALLOWLIST));
            proxy.restore();
            await().atMost(PATIENCE).until(() -> proxy.hasLost(ApiKeys.FETCH)); // so it has been greeted
            await().atMost(PATIENCE).until(flags::isStale);
            assertThat(flags.state().sequence()).isLessThan(unseen);
            // The connection is given up after 5 seconds and made anew, with another greeting.
            await().during(Duration.ofSeconds(6)).atMost(PATIENCE).until(flags::isStale);

            proxy.listen();
            assertThat(flags.awaitCurrent(PATIENCE)).isTrue();
            assertThat(flags.state().sequence()).isEqualTo(unseen);
        }
    }

    @Test
    void fetchesThatFindNothingAreNoWordThatNothingIsMissed() throws Exception {
        try (FlagLedger flags = FlagLedger.connect(config)) {
            assertThat(flags.awaitCurrent(PATIENCE)).isTrue();
            proxy.lose(ApiKeys.LIST_OFFSETS);
            await().atMost(PATIENCE).until(flags::isStale);
            assertThat(flags.status().problem()).contains("has said nothing of gastown-production");
            long seen = ledger.append(StageMoved.to("gastown", Stage.ALLOWLIST));
            assertThat(flags.awaitSequence(seen, PATIENCE)).as("events come").isTrue();
            assertThat(flags.status().state()).isEqualTo(State.STALE);

            proxy.listen();
            assertThat(flags.awaitCurrent(PATIENCE)).isTrue();
        }
    }

    @Test
    void aLeaderThatTheControllersTellNothingOfIsNoWordThatNothingIsMissed() throws Exception {
        try (FlagLedger flags = FlagLedger.connect(config)) {
            assertThat(flags.awaitCurrent(PATIENCE)).isTrue();
            proxy.lose(ApiKeys.DESCRIBE_QUORUM);
            await().atMost(PATIENCE).until(flags::isStale);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(flags.status().problem())
                            .contains("the controllers: ")); // once a question has had its time
            long seen = ledger.append(StageMoved.to("gastown", Stage.ALLOWLIST));
            assertThat(flags.awaitSequence(seen, PATIENCE)).as("events come").isTrue();
            assertThat(flags.status().state()).isEqualTo(State.STALE);

            proxy.listen();
            assertThat(flags.awaitCurrent(PATIENCE)).isTrue();
        }
    }

    /**
     * A commit is acknowledged before its marker is in the partition; where the marker is late, by a broker's death, what
     * readers see of the partition is this.
     */
    @Test
    void recordsThatAreThereButNotToBeReadYetMakeAnswersStale() throws Exception {
        try (FlagLedger flags = FlagLedger.connect(config);
                KafkaProducer<byte[], byte[]> other = new KafkaProducer<>(
                        direct.with(Map.of(
                                "transactional.id", "another-" + ledger.topics().events())),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            assertThat(flags.awaitCurrent(PATIENCE)).isTrue();
            other.initTransactions();
            other.beginTransaction();
            other.send(new ProducerRecord<>(
                            ledger.topics().events(),
                            ledger.topics().partitionOf(ENVIRONMENT),
                            "another-environment/1".getBytes(StandardCharsets.UTF_8),
                            new byte[10]))
                    .get();
            long unseen = ledger.appendBlindly(flags.state(), StageMoved.to("gastown", Stage.ALLOWLIST));
            await().atMost(PATIENCE).until(flags::isStale);
            assertThat(flags.state().sequence()).isLessThan(unseen);
            assertThat(flags.status().lag()).isPositive();
            assertThat(flags.status().problem()).contains("a transaction is open before them");

            other.abortTransaction();
            assertThat(flags.awaitCurrent(PATIENCE)).isTrue();
            assertThat(flags.state().sequence()).isEqualTo(unseen);
            assertThat(flags.status().problem()).isNull();
        }
    }

    @Test
    void whoeverStartsWhileRecordsAreNotToBeReadYetAnswersButDoesNotCallThatCurrent() throws Exception {
        try (KafkaProducer<byte[], byte[]> other = new KafkaProducer<>(
                direct.with(
                        Map.of("transactional.id", "another-" + ledger.topics().events())),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            other.initTransactions();
            other.beginTransaction();
            other.send(new ProducerRecord<>(
                            ledger.topics().events(),
                            ledger.topics().partitionOf(ENVIRONMENT),
                            "another-environment/1".getBytes(StandardCharsets.UTF_8),
                            new byte[10]))
                    .get();
            try (FlagLedger flags = FlagLedger.connect(config)) {
                flags.awaitReady(PATIENCE);
                assertThat(flags.state().sequence()).isEqualTo(1);
                assertThat(flags.status().state()).isEqualTo(State.STALE);
                assertThat(flags.status().problem()).contains("not known yet whether these are all events");
                other.abortTransaction();
                assertThat(flags.awaitCurrent(PATIENCE)).isTrue();
            }
        }
    }
}
