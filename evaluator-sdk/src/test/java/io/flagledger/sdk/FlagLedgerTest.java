package io.flagledger.sdk;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Reason;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Stage;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.LastChange;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.LedgerReader;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.core.kafka.TopicSetup;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.sdk.Status.State;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
final class FlagLedgerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String ENVIRONMENT = "gastown-production";
    private static final Subject ADA = Subject.user("ada").org("acme");

    private KafkaConnection connection;
    private LedgerTopics topics;
    private LedgerId ledgerId;
    private LedgerWriter writer;

    @BeforeEach
    void open(KafkaForTest broker) {
        connection = KafkaConnection.of(broker.bootstrapServers());
        topics = LedgerTopics.withPrefix(broker.topicPrefix() + "ledger");
        writer = LedgerWriter.open(connection, topics, PATIENCE);
        ledgerId = TopicSetup.ensure(connection, topics, PATIENCE);
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void knowsWhatWasThereBeforeItAndWhatComes() throws Exception {
        append(FlagCreated.bool("gastown"));
        try (FlagLedger flags = connect()) {
            flags.awaitReady(PATIENCE);
            assertThat(flags.isOpen("gastown", ADA)).isFalse();
            assertThat(flags.isOpen("gastown", ADA.asAdmin())).isTrue();

            long open =
                    append(StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE).skipping());
            assertThat(flags.awaitSequence(open, PATIENCE)).isTrue();
            assertThat(flags.isOpen("gastown", ADA)).isTrue();

            long killed = append(new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS));
            flags.awaitSequence(killed, PATIENCE);
            Decision decision = flags.decide("gastown", ADA);
            assertThat(decision.reason()).isEqualTo(Reason.KILLED);
            assertThat(decision.sequence()).isEqualTo(killed);
            assertThat(decision.stale()).isFalse();
            assertThat(flags.status().state()).isEqualTo(State.READY);
        }
    }

    @Test
    void aHandleFollowsItsFlagEvenFromBeforeItExists() throws Exception {
        try (FlagLedger flags = connect()) {
            FlagHandle gastown = flags.handle("gastown");
            flags.awaitReady(PATIENCE);
            assertThat(gastown.isOpen(ADA.asAdmin())).isFalse();
            assertThat(gastown.decide(ADA).reason()).isEqualTo(Reason.UNKNOWN_FLAG);

            flags.awaitSequence(append(FlagCreated.bool("gastown")), PATIENCE);
            assertThat(gastown.isOpen(ADA.asAdmin())).isTrue();
        }
    }

    @Test
    void aBatchIsSeenWholeAndAsOneChange() throws Exception {
        List<FlagsChanged> seen = new CopyOnWriteArrayList<>();
        try (FlagLedger flags = connect()) {
            flags.awaitReady(PATIENCE);
            flags.onChange(seen::add);
            long last = append(
                    FlagCreated.bool("gastown"),
                    FlagCreated.bool("gastown.convoys", Parent.of("gastown")),
                    StageMoved.to("gastown", Stage.ALLOWLIST));
            flags.awaitSequence(last, PATIENCE);
            await().atMost(PATIENCE).until(() -> !seen.isEmpty());
        }
        assertThat(seen).hasSize(1);
        assertThat(seen.get(0).changed()).isEqualTo(Set.of("gastown", "gastown.convoys"));
        assertThat(seen.get(0).before().state().sequence()).isZero();
        assertThat(seen.get(0).after().state().sequence()).isEqualTo(3);
    }

    @Test
    void aChangeNamesWhatEventsChangedAndOnDemandWhatIsBelow() throws Exception {
        append(
                FlagCreated.bool("gastown"),
                FlagCreated.bool("gastown.convoys", Parent.of("gastown")),
                FlagCreated.bool("gastown.convoys.style", Parent.of("gastown.convoys")),
                FlagCreated.bool("hooks"));
        List<FlagsChanged> seen = new CopyOnWriteArrayList<>();
        try (FlagLedger flags = connect()) {
            flags.awaitReady(PATIENCE);
            flags.onChange(seen::add);
            append(StageMoved.to("gastown", Stage.ALLOWLIST));
            await().atMost(PATIENCE).until(() -> !seen.isEmpty());
        }
        assertThat(seen.get(0).changed()).containsExactly("gastown");
        assertThat(seen.get(0).affected())
                .containsExactlyInAnyOrder("gastown", "gastown.convoys", "gastown.convoys.style");
    }

    @Test
    void aListenerThatHangsKeepsNobodyFromFollowingAndIsToldAllAtOnceWhenItIsBack() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        List<FlagsChanged> seen = new CopyOnWriteArrayList<>();
        try (FlagLedger flags = connect()) {
            flags.awaitReady(PATIENCE);
            flags.onChange(change -> {
                seen.add(change);
                hanging.countDown();
                try {
                    free.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            append(FlagCreated.bool("gastown"));
            hanging.await();
            append(FlagCreated.bool("hooks"));
            long last = append(FlagCreated.bool("polecats"));
            assertThat(flags.awaitSequence(last, PATIENCE)).isTrue();
            free.countDown();
            await().atMost(PATIENCE).until(() -> seen.size() == 2);
        }
        assertThat(seen.get(1).before().state().sequence()).isEqualTo(1);
        assertThat(seen.get(1).after().state().sequence()).isEqualTo(3);
        assertThat(seen.get(1).changed()).isEqualTo(Set.of("hooks", "polecats"));
    }

    @Test
    void whoeverListensHearsOfEachState() throws Exception {
        List<State> heard = new CopyOnWriteArrayList<>();
        try (FlagLedger flags = connect()) {
            flags.onStatus(status -> heard.add(status.state()));
            flags.awaitReady(PATIENCE);
            await().atMost(PATIENCE).until(() -> flags.status().state() == State.READY);
            sendUnreadableEvent(1);
            await().atMost(PATIENCE).until(() -> heard.contains(State.STALE));
        }
        await().atMost(PATIENCE).until(() -> heard.contains(State.CLOSED));
        assertThat(heard).endsWith(State.STALE, State.CLOSED);
    }

    @Test
    void aListenerThatFailsHarmsNobody() throws Exception {
        AtomicLong heard = new AtomicLong();
        try (FlagLedger flags = connect()) {
            flags.awaitReady(PATIENCE);
            flags.onChange(change -> {
                throw new AssertionError("on purpose");
            });
            flags.onChange(change -> heard.set(change.after().state().sequence()));
            append(FlagCreated.bool("gastown"));
            long last = append(StageMoved.to("gastown", Stage.ALLOWLIST));
            await().atMost(PATIENCE).until(() -> heard.get() == last);
        }
    }

    @Test
    void startsFromTheStateTopicAndReadsTheEventsBehindIt() throws Exception {
        append(FlagCreated.bool("gastown"));
        publishState();
        long last = append(StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE).skipping());
        try (FlagLedger flags = connect()) {
            flags.awaitReady(PATIENCE);
            assertThat(flags.state().sequence()).isEqualTo(last);
            assertThat(flags.state())
                    .isEqualTo(new LedgerReader(connection, topics, PATIENCE).read(ENVIRONMENT, event -> {}));
        }
    }

    @Test
    void aStateTopicThatLacksFlagsOrIsOfAnotherLedgerIsNotBelieved() throws Exception {
        append(FlagCreated.bool("gastown"));
        long last = append(FlagCreated.bool("gastown.convoys"));
        EnvironmentState state = new LedgerReader(connection, topics, PATIENCE).read(ENVIRONMENT, event -> {});
        send(
                topics.state(),
                StateCodec.key(head(state, "another ledger", 9)),
                StateCodec.encode(head(state, "another ledger", 9)));
        send(
                topics.state(),
                StateCodec.key(head(state, ledgerId.events(), 2)),
                StateCodec.encode(head(state, ledgerId.events(), 2)));
        try (FlagLedger flags = connect()) {
            flags.awaitReady(PATIENCE);
            assertThat(flags.state().sequence()).isEqualTo(last);
            assertThat(flags.state().flags().size()).isEqualTo(2);
        }
    }

    @Test
    void anEventThatCannotBeReadFreezesTheFlagsUntilTheStateTopicIsPastIt() throws Exception {
        append(FlagCreated.bool("gastown"));
        try (FlagLedger flags = connect()) {
            flags.awaitReady(PATIENCE);
            sendUnreadableEvent(2);
            await().atMost(PATIENCE).until(() -> flags.status().state() == State.STALE);
            assertThat(flags.status().problem()).contains("this version of Flag Ledger can't read an event");
            assertThat(flags.decide("gastown", ADA.asAdmin()).granted()).isTrue();
            assertThat(flags.decide("gastown", ADA).stale()).isTrue();

            publish(killedBy(2, flags.state()), 1);
            await().atMost(PATIENCE).until(() -> flags.status().state() == State.READY);
            assertThat(flags.state().sequence()).isEqualTo(2);
            assertThat(flags.decide("gastown", ADA).reason())
                    .as("what the newer version did")
                    .isEqualTo(Reason.KILLED);
        }
    }

    @Test
    void aStateTopicOfWhichARecordCannotBeReadIsNotBelieved() throws Exception {
        append(FlagCreated.bool("gastown"));
        try (FlagLedger flags = connect()) {
            flags.awaitReady(PATIENCE);
            sendUnreadableEvent(2);
            await().atMost(PATIENCE).until(() -> flags.status().state() == State.STALE);
            send(
                    topics.state(),
                    (ENVIRONMENT + "/gastown").getBytes(StandardCharsets.UTF_8),
                    "of a newer version".getBytes(StandardCharsets.UTF_8));
            Head head = headOf(killedBy(2, flags.state()), 1);
            send(topics.state(), StateCodec.key(head), StateCodec.encode(head));
            await().during(Duration.ofMillis(700)).until(() -> flags.status().state() == State.STALE);
            assertThat(flags.state().sequence()).isEqualTo(1);
        }
    }

    @Test
    void anEventThatIsKnownAlreadyIsNotReadAgain() throws Exception {
        append(FlagCreated.bool("gastown"));
        try (FlagLedger flags = connect()) {
            flags.awaitReady(PATIENCE);
            sendUnreadableEvent(1); // a mirrored duplicate, were it not unreadable on top
            Event next = TestLedger.next(flags.state(), StageMoved.to("gastown", Stage.ALLOWLIST));
            send(topics.events(), EventCodec.key(ENVIRONMENT, 2), TestLedger.value(flags.state(), next));
            assertThat(flags.awaitSequence(2, PATIENCE)).isTrue();
            assertThat(flags.status().state()).isEqualTo(State.READY);
        }
    }

    @Test
    void aLedgerWithAnUnreadableEndIsReadyAtOnceAndStale() throws Exception {
        append(FlagCreated.bool("gastown"));
        sendUnreadableEvent(2);
        try (FlagLedger flags = connect()) {
            flags.awaitReady(PATIENCE);
            assertThat(flags.status().state()).isEqualTo(State.STALE);
            assertThat(flags.isOpen("gastown", ADA.asAdmin())).isTrue();
        }
    }

    @Test
    void otherEnvironmentsOfThePartitionAreOfNoConcern() throws Exception {
        String other = Stream.iterate(0, i -> i + 1)
                .map(i -> "staging-" + i)
                .filter(name -> topics.partitionOf(name) == topics.partitionOf(ENVIRONMENT))
                .findFirst()
                .orElseThrow();
        writer.append(other, Actor.human("dana"), "a test", List.of(FlagCreated.bool("staged")));
        long last = append(FlagCreated.bool("gastown"));
        try (FlagLedger flags = connect()) {
            flags.awaitReady(PATIENCE);
            assertThat(flags.state().sequence()).isEqualTo(last);
            assertThat(flags.state().flags().sortedKeys()).containsExactly("gastown");
        }
    }

    @Test
    void withoutKafkaItSaysSoInTimeAndEveryFlagIsUnknown() {
        try (FlagLedger flags = FlagLedger.connect(FlagLedgerConfig.of("127.0.0.1:1", ENVIRONMENT))) {
            assertThatThrownBy(() -> flags.awaitReady(Duration.ofMillis(300)))
                    .isInstanceOf(NotReadyException.class)
                    .hasMessageStartingWith(
                            "the flags of gastown-production at 127.0.0.1:1 were not known within 300 ms");
            assertThat(flags.isOpen("gastown", ADA.asAdmin())).isFalse();
            assertThat(flags.decide("gastown", ADA).reason()).isEqualTo(Reason.UNKNOWN_FLAG);
            assertThat(flags.status().state()).isEqualTo(State.STARTING);
        }
    }

    @Test
    void aClosedLedgerStillAnswers() throws Exception {
        append(FlagCreated.bool("gastown"));
        FlagLedger flags = connect();
        flags.awaitReady(PATIENCE);
        flags.close();
        assertThat(flags.isOpen("gastown", ADA.asAdmin())).isTrue();
        assertThat(flags.decide("gastown", ADA).stale()).isTrue();
        assertThat(flags.status().state()).isEqualTo(State.CLOSED);
    }

    private FlagLedger connect() {
        return FlagLedger.connect(FlagLedgerConfig.of(connection, ENVIRONMENT).withTopics(topics));
    }

    private long append(Change... changes) {
        AppendResult result = writer.append(ENVIRONMENT, Actor.human("dana"), "a test", List.of(changes));
        assertThat(result).isInstanceOf(AppendResult.Accepted.class);
        return ((AppendResult.Accepted) result).sequence();
    }

    /** Does what a projector would do. */
    private void publishState() {
        List<Long> offsets = new ArrayList<>();
        EnvironmentState state =
                new LedgerReader(connection, topics, PATIENCE).read(ENVIRONMENT, event -> offsets.add(event.offset()));
        publish(state, offsets.get(offsets.size() - 1));
    }

    private void publish(EnvironmentState state, long offset) {
        List<StateEntry> entries = new ArrayList<>();
        state.flags().sortedValues().forEach(flag -> entries.add(new StateEntry.Flag(ENVIRONMENT, flag)));
        entries.add(headOf(state, offset));
        entries.forEach(entry -> send(topics.state(), StateCodec.key(entry), StateCodec.encode(entry)));
    }

    private Head headOf(EnvironmentState state, long offset) {
        return new Head(
                ENVIRONMENT,
                ledgerId.events(),
                state.sequence(),
                state.digest(),
                state.ledgerTime(),
                offset,
                state.flags().size());
    }

    /** What a projector makes of an event that nobody here can read, and that killed the one flag. */
    private static EnvironmentState killedBy(long sequence, EnvironmentState before) {
        FlagState flag = requireNonNull(before.flags().get("gastown"));
        Definition now = flag.definition();
        Definition killed = new Definition(
                now.details(),
                now.variants(),
                now.bucketing(),
                now.stage(),
                now.percentage(),
                now.allowlist(),
                KillSwitch.NEW_ACCESS,
                now.parents(),
                now.archived());
        LastChange last = new LastChange(2, sequence, before.ledgerTime(), Actor.human("dana"), "stop");
        return new EnvironmentState(
                ENVIRONMENT,
                sequence,
                before.digest(),
                before.ledgerTime(),
                0,
                before.flags().with("gastown", new FlagState("gastown", flag.type(), killed, last)));
    }

    private void sendUnreadableEvent(long sequence) {
        send(
                topics.events(),
                (ENVIRONMENT + "/" + sequence).getBytes(StandardCharsets.UTF_8),
                "of a newer version".getBytes(StandardCharsets.UTF_8));
    }

    private static Head head(EnvironmentState state, String ledgerId, int flags) {
        return new Head(ENVIRONMENT, ledgerId, state.sequence(), state.digest(), state.ledgerTime(), 1, flags);
    }

    private void send(String topic, byte[] key, byte[] value) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(connection.with(Map.of()), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, topics.partitionOf(ENVIRONMENT), key, value))
                    .get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
