package io.flagledger.core.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.FlagDescribed;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Stage;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.travel.Cut;
import io.flagledger.core.travel.LedgerHistory;
import io.flagledger.core.travel.NoSuchPositionException;
import io.flagledger.core.travel.Timeline;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
class LedgerReaderTest {
    private static final String ENVIRONMENT = "gastown-test";
    private static final String OTHER = "gastown-staging";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private final KafkaForTest kafka;
    private final KafkaConnection connection;
    private final LedgerTopics topics;
    private final LedgerWriter writer;
    private final LedgerReader reader;

    LedgerReaderTest(KafkaForTest kafka) {
        this.kafka = kafka;
        this.connection = KafkaConnection.of(kafka.bootstrapServers());
        this.topics = new LedgerTopics(kafka.topicPrefix() + "events", kafka.topicPrefix() + "state", 1);
        this.writer = LedgerWriter.open(connection, topics, PATIENCE);
        this.reader = new LedgerReader(connection, topics, PATIENCE);
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void seesEachAppendThatHasReturned() {
        append(FlagCreated.bool("gastown"));
        for (int i = 2; i <= 30; i++) {
            append(titled("title " + i));
            assertThat(reader.read(ENVIRONMENT, event -> {}).sequence()).isEqualTo(i);
        }
    }

    @Test
    void readsPartsOfALedgerAndLeavesOtherEnvironmentsOut() {
        story();

        assertThat(sequences(Reading.ALL)).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(sequences(Reading.ALL.from(3))).containsExactly(3L, 4L, 5L);
        assertThat(sequences(Reading.ALL.from(2).upTo(4))).containsExactly(2L, 3L, 4L);
        assertThat(sequences(Reading.ALL.upTo(0))).isEmpty();
        assertThat(sequences(Reading.ALL.from(99))).isEmpty();
        assertThat(reader.read(ENVIRONMENT, Reading.ALL.upTo(2), event -> true).sequence())
                .isEqualTo(2);
    }

    @Test
    void readsFromATimeOn() {
        List<EventRecord> all = story();
        Instant third = all.get(2).after().ledgerTime();

        assertThat(sequences(Reading.ALL.since(third)))
                .isEqualTo(all.stream()
                        .filter(event -> !event.after().ledgerTime().isBefore(third))
                        .map(EventRecord::sequence)
                        .toList());
        assertThat(sequences(Reading.ALL.since(Instant.now().plusSeconds(60)))).isEmpty();
    }

    @Test
    void eachEventComesWithTheStatesAroundIt() {
        List<EventRecord> all = story();

        assertThat(all.get(0).flagBefore()).isNull();
        assertThat(all.get(0).before()).isEqualTo(EnvironmentState.empty(ENVIRONMENT));
        for (int i = 1; i < all.size(); i++) {
            assertThat(all.get(i).before()).isEqualTo(all.get(i - 1).after());
            assertThat(all.get(i).flagBefore())
                    .isEqualTo(all.get(i - 1).after().flags().get("gastown"));
        }
    }

    @Test
    void goesOnFromAStateThatSomebodyHasAlready() {
        List<EventRecord> all = story();
        EventRecord third = all.get(2);

        assertThat(sequences(Reading.ALL.after(third))).containsExactly(4L, 5L);
        assertThat(sequences(Reading.ALL.after(third.after()))).containsExactly(4L, 5L);
        assertThat(sequences(Reading.ALL.after(third.after(), third.offset()))).containsExactly(4L, 5L);
        assertThat(sequences(Reading.ALL.after(all.get(4)))).isEmpty();
        assertThat(reader.read(ENVIRONMENT, Reading.ALL.after(third), event -> true))
                .isEqualTo(all.get(4).after());
    }

    @Test
    void aStateOfAnotherLedgerIsNoBase() {
        List<EventRecord> all = story();
        LedgerTopics others = new LedgerTopics(topics.events() + "-2", topics.state() + "-2", 1);
        try (LedgerWriter elsewhere = LedgerWriter.open(connection, others, PATIENCE)) {
            elsewhere.append(ENVIRONMENT, Actor.human("eve"), "another", List.of(FlagCreated.bool("gastown")));
            LedgerReader other = new LedgerReader(connection, others, PATIENCE);

            assertThatExceptionOfType(StoppedException.class)
                    .isThrownBy(() ->
                            other.read(ENVIRONMENT, Reading.ALL.after(all.get(4).after()), event -> true))
                    .withMessageContaining("which is after event 5: the ledger was deleted or replaced");
            assertThatExceptionOfType(StoppedException.class)
                    .isThrownBy(() -> other.read(ENVIRONMENT, Reading.ALL.after(all.get(4)), event -> true))
                    .withMessageContaining("the ledger was deleted or replaced");
            elsewhere.append(ENVIRONMENT, Actor.human("eve"), "another", List.of(titled("x")));
            assertThatExceptionOfType(StoppedException.class)
                    .isThrownBy(() ->
                            other.read(ENVIRONMENT, Reading.ALL.after(all.get(0).after()), event -> true))
                    .withMessageContaining("digest");
        }
    }

    @Test
    void tellsHowFarItHasCome() {
        story();
        List<Long> told = new ArrayList<>();
        reader.read(
                ENVIRONMENT,
                Reading.ALL.telling((done, total) -> {
                    assertThat(done).isBetween(0L, total);
                    told.add(total - done);
                }),
                event -> true);

        assertThat(told).isNotEmpty().last().isEqualTo(0L);
    }

    @Test
    void whatAnOpenTransactionHoldsBackIsNotWaitedForLong() throws Exception {
        story();
        try (KafkaProducer<byte[], byte[]> hanging = new KafkaProducer<>(
                connection.with(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, kafka.topicPrefix() + "hanging")),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            hanging.initTransactions();
            hanging.beginTransaction();
            hanging.send(new ProducerRecord<>(topics.events(), 0, bytes(ENVIRONMENT + "/6"), bytes("?")))
                    .get();

            assertThat(reader.read(ENVIRONMENT, event -> {}).sequence()).isEqualTo(5);
            hanging.abortTransaction();
        }
    }

    @Test
    void followsALedgerAsItGrows() {
        story();
        try (LedgerTail tail = reader.follow(ENVIRONMENT, Reading.ALL.from(5))) {
            assertThat(next(tail)).extracting(EventRecord::sequence).containsExactly(5L);
            append(OTHER, titled("elsewhere"));
            assertThat(tail.poll(AT_ONCE)).isEmpty();
            append(titled("six"));
            assertThat(next(tail)).extracting(EventRecord::sequence).containsExactly(6L);
            assertThat(tail.state().sequence()).isEqualTo(6);
            assertThat(tail.isDone()).isFalse();
        }
    }

    @Test
    void aTailEndsWhereItShould() {
        story();
        try (LedgerTail tail = reader.follow(ENVIRONMENT, Reading.ALL.from(2).upTo(3))) {
            assertThat(next(tail)).extracting(EventRecord::sequence).containsExactly(2L, 3L);
            assertThat(tail.isDone()).isTrue();
            assertThat(tail.poll(PATIENCE)).isEmpty();
        }
    }

    @Test
    void closingATailEndsAWait() throws Exception {
        story();
        LedgerTail tail = reader.follow(ENVIRONMENT, Reading.ALL.from(6));
        CompletableFuture<List<EventRecord>> waiting =
                CompletableFuture.supplyAsync(() -> tail.poll(Duration.ofMinutes(5)));
        tail.close();

        assertThat(waiting.get(20, TimeUnit.SECONDS)).isEmpty();
        assertThat(tail.poll(PATIENCE)).isEmpty();
    }

    @Test
    void aTailHandsOutWhatIsSoundBeforeItStops() throws Exception {
        story();
        send(ENVIRONMENT + "/6", "no event");
        try (LedgerTail tail = reader.follow(ENVIRONMENT, Reading.ALL)) {
            assertThat(next(tail)).hasSize(5);
            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(StoppedException.class)
                        .isThrownBy(() -> tail.poll(PATIENCE))
                        .withMessageStartingWith("the ledger of gastown-test can't be read past " + topics.events());
            }
        }
        List<Long> read = new ArrayList<>();
        assertThatExceptionOfType(StoppedException.class)
                .isThrownBy(() -> reader.read(ENVIRONMENT, event -> read.add(event.sequence())));
        assertThat(read).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(reader.read(OTHER, event -> {}).sequence())
                .as("another environment of the partition goes on")
                .isEqualTo(1);
        assertThat(reader.read(ENVIRONMENT, Reading.ALL.upTo(5), event -> true).sequence())
                .isEqualTo(5);
    }

    @Test
    void aGapStopsARead() throws Exception {
        story();
        send(ENVIRONMENT + "/7", "no event");
        assertThatExceptionOfType(StoppedException.class).isThrownBy(() -> reader.read(ENVIRONMENT, event -> {}));
    }

    @Test
    void givesUpInTimeWhereThereIsNoKafka() throws IOException {
        LedgerReader nowhere = new LedgerReader(TopicSetupTest.nowhere(), topics, Duration.ofSeconds(2));

        assertThatExceptionOfType(KafkaUnavailableException.class)
                .isThrownBy(() -> nowhere.read(ENVIRONMENT, event -> {}))
                .withMessageStartingWith("could not read the ledger of gastown-test at 127.0.0.1:")
                .withMessageContaining(": gave up after 2.");
        try (LedgerTail tail = nowhere.follow(ENVIRONMENT, Reading.ALL)) {
            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(KafkaUnavailableException.class)
                        .isThrownBy(() -> tail.poll(Duration.ofSeconds(3)))
                        .withMessageContaining("behind event 0: gave up after ");
            }
        }
    }

    @Test
    void thePastIsAnsweredFromTheLogAlone() {
        List<EventRecord> all = story();
        LedgerHistory history = reader.history(ENVIRONMENT);
        Subject subject = Subject.user("ada").org("acme");

        assertThat(history.at(Cut.at(2))).isEqualTo(all.get(1).after());
        assertThat(history.at(Cut.at(all.get(4).after().ledgerTime())))
                .isEqualTo(all.get(4).after());
        assertThat(history.at(Cut.now())).isEqualTo(all.get(4).after());
        assertThat(history.diff(Cut.at(1), Cut.at(3)).flags())
                .singleElement()
                .satisfies(flag -> assertThat(flag.differences())
                        .extracting(difference -> difference.field())
                        .containsExactly("title", "stage"));
        assertThat(history.history("gastown")).hasSize(5);
        assertThat(history.decisionAt("gastown", subject, Cut.at(4)))
                .isEqualTo(CompiledEnvironment.of(all.get(3).after()).decide("gastown", subject, false));
        Timeline timeline = history.timeline("gastown", subject);
        assertThat(timeline.intervals()).singleElement().satisfies(interval -> {
            assertThat(interval.from().cause()).isEqualTo(all.get(2).recorded());
            assertThat(interval.until()).isNotNull();
        });
        assertThatExceptionOfType(NoSuchPositionException.class).isThrownBy(() -> history.at(Cut.at(6)));
    }

    /** Five events of one flag: created, titled, open to all, killed, titled again; and one elsewhere in between. */
    private List<EventRecord> story() {
        append(FlagCreated.bool("gastown"));
        append(titled("one"));
        append(OTHER, FlagCreated.bool("gastown"));
        append(StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE).skipping());
        append(new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS));
        append(titled("two"));
        List<EventRecord> events = new ArrayList<>();
        reader.read(ENVIRONMENT, events::add);
        return events;
    }

    private List<Long> sequences(Reading wanted) {
        List<Long> sequences = new ArrayList<>();
        reader.read(ENVIRONMENT, wanted, event -> sequences.add(event.sequence()));
        return sequences;
    }

    /** Waits until the tail has something. */
    private static List<EventRecord> next(LedgerTail tail) {
        List<EventRecord> events = new ArrayList<>();
        await().atMost(PATIENCE).until(() -> events.addAll(tail.poll(Duration.ofMillis(200))));
        return events;
    }

    private void append(Change change) {
        append(ENVIRONMENT, change);
    }

    private void append(String environment, Change change) {
        assertThat(writer.append(environment, Actor.human("dana"), "first design partners", List.of(change)))
                .isInstanceOf(AppendResult.Accepted.class);
    }

    private static Change titled(String title) {
        return new FlagDescribed("gastown", title, null, null, null, null);
    }

    /** Puts something into the topic behind the writer's back. */
    private void send(String key, String value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(connection.with(Map.of()), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topics.events(), 0, bytes(key), bytes(value)))
                    .get();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
