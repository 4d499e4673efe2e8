package io.flagledger.core.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.AllowlistChanged;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.KillSwitchReleased;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.event.Stage;
import io.flagledger.core.proof.Checkpoint;
import io.flagledger.core.proof.Checkpoints;
import io.flagledger.core.proof.Extent;
import io.flagledger.core.proof.Flaw;
import io.flagledger.core.proof.RawLedger;
import io.flagledger.core.proof.RawRecord;
import io.flagledger.core.proof.SignedCheckpoint;
import io.flagledger.core.proof.SigningKey;
import io.flagledger.core.proof.Verification;
import io.flagledger.core.proof.Verification.Broken;
import io.flagledger.core.proof.Verification.Sound;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real ledgers, copied into other topics with one thing done to them on the way. */
@ExtendWith(KafkaExtension.class)
class LedgerVerifierTest {
    private static final String ENVIRONMENT = "gastown-test";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String REASON = "first design partners";
    private static final byte[] THIRD = EventCodec.key(ENVIRONMENT, 3);
    private static final int LAST = 10;

    private final KafkaForTest kafka;
    private final KafkaConnection connection;
    private final LedgerTopics topics;
    private int copies;

    LedgerVerifierTest(KafkaForTest kafka) {
        this.kafka = kafka;
        this.connection = KafkaConnection.of(kafka.bootstrapServers());
        this.topics = topics("ledger");
    }

    private static Stream<Tampering> tamperings() {
        byte[] reason = REASON.getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                new Tampering("a bit of a reason", Flaw.ALTERED, 4, ledger -> ledger.flipIn(4, reason)),
                new Tampering("a bit of the first event's reason", Flaw.ALTERED, 1, ledger -> ledger.flipIn(1, reason)),
                new Tampering(
                        "a bit of the reason of the last but one",
                        Flaw.ALTERED,
                        LAST - 1,
                        ledger -> ledger.flipIn(LAST - 1, reason)),
                new Tampering("a bit of a link", Flaw.ALTERED, 6, ledger -> ledger.flipIn(6, link(ledger, 6))),
                new Tampering("a bit of the first link", Flaw.ALTERED, 1, ledger -> ledger.flipIn(1, link(ledger, 1))),
                new Tampering(
                        "a bit of the last link: 9 or 10",
                        Flaw.ALTERED,
                        LAST - 1,
                        ledger -> ledger.flipIn(LAST, link(ledger, LAST))),
                new Tampering("a bit of the frame", Flaw.UNREADABLE, 5, ledger -> ledger.flip(5, 20)),
                new Tampering("an event that is not there", Flaw.MISSING, 3, ledger -> ledger.without(3)),
                new Tampering("the first event gone", Flaw.MISSING, 1, ledger -> ledger.without(1)),
                new Tampering("a tombstone in place of an event", Flaw.TOMBSTONE, 3, ledger -> ledger.with(3, null)),
                new Tampering("a tombstone at the end", Flaw.TOMBSTONE, 3, ledger -> ledger.plus(THIRD, null)),
                new Tampering(
                        "a tombstone that was obeyed",
                        Flaw.TOMBSTONE,
                        3,
                        ledger -> ledger.without(3).plus(THIRD, null)),
                new Tampering("two events swapped", Flaw.MISPLACED, 5, ledger -> ledger.swapped(5, 6)),
                new Tampering("the last two swapped", Flaw.MISPLACED, 9, ledger -> ledger.swapped(9, 10)),
                new Tampering(
                        "the bytes of two events swapped",
                        Flaw.WRONG_KEY,
                        5,
                        ledger -> ledger.moved(5, EventCodec.key(ENVIRONMENT, 6))
                                .moved(6, EventCodec.key(ENVIRONMENT, 5))),
                new Tampering(
                        "an event twice",
                        Flaw.REPEATED,
                        10,
                        ledger -> ledger.plus(new RawLedger(ledger.records().subList(9, 10)))),
                new Tampering(
                        "another environment's key",
                        Flaw.FOREIGN_EVENT,
                        7,
                        ledger -> ledger.moved(7, EventCodec.key("gastown-staging", 7))),
                new Tampering("a batch cut through", Flaw.TORN_BATCH, 4, ledger -> ledger.first(3)),
                new Tampering(
                        "the middle written anew",
                        Flaw.ALTERED,
                        7,
                        ledger -> ledger.rewritten(5, 8, RawLedger.reason("as it never was"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tamperings")
    void findsTheFirstBadPosition(Tampering tampering) {
        write();
        RawLedger tampered = tampering.deed.apply(raw(topics));

        Verification found = verify(copy(tampered), Checkpoints.NONE);

        assertThat(found).isInstanceOfSatisfying(Broken.class, broken -> {
            assertThat(broken.flaw()).as(broken.why()).isEqualTo(tampering.flaw);
            assertThat(broken.sequence()).as(broken.why()).isEqualTo(tampering.sequence);
        });
    }

    @Test
    void aSoundLedger() {
        Recorded first = write().get(0);
        List<Long> progress = new ArrayList<>();
        LedgerVerifier.Outcome outcome = new LedgerVerifier(connection, topics, PATIENCE)
                .verify(ENVIRONMENT, Checkpoints.NONE, (done, total) -> {
                    progress.add(done);
                    assertThat(done).isLessThanOrEqualTo(total);
                })
                .orElseThrow();

        assertThat(outcome.verification()).isInstanceOf(Sound.class);
        Extent extent = outcome.verification().extent();
        assertThat(extent.sequence()).isEqualTo(LAST);
        assertThat(extent.flags()).isEqualTo(2);
        assertThat(extent.first()).isEqualTo(first.appendedAt());
        assertThat(extent.last()).isAfterOrEqualTo(extent.first());
        assertThat(progress).isNotEmpty();
        assertThat(outcome.took()).isPositive();
    }

    @Test
    void aLedgerThatGrewStillAgreesWithItsCheckpoint() {
        write();
        Checkpoint before = signed(checkpoint(topics));
        write(topics, "more");
        assertThat(verify(topics, expecting(before))).isInstanceOf(Sound.class);
        assertThat(verify(topics, expecting(before, checkpoint(topics)))).isInstanceOf(Sound.class);
    }

    @Test
    void theLastEventsBytesAreVouchedForByACheckpointOnly() {
        write();
        Checkpoint before = signed(checkpoint(topics));
        LedgerTopics flipped = copy(raw(topics).flipIn(LAST, REASON.getBytes(StandardCharsets.UTF_8)));

        assertThat(verify(flipped, Checkpoints.NONE)).isInstanceOf(Sound.class);
        assertBroken(verify(flipped, ofACopy(before)), Flaw.REWRITTEN, LAST);
    }

    @Test
    void aTruncatedTailIsFoundWithACheckpoint() {
        write();
        Checkpoint before = signed(checkpoint(topics));
        LedgerTopics truncated = copy(raw(topics).first(7));

        assertThat(verify(truncated, Checkpoints.NONE)).isInstanceOf(Sound.class);
        assertBroken(verify(truncated, ofACopy(before)), Flaw.TRUNCATED, 8);
    }

    @Test
    void aChainRebuiltFromTheMiddleIsFoundWithACheckpoint() {
        write();
        Checkpoint before = signed(checkpoint(topics));
        LedgerTopics rebuilt = copy(raw(topics).rewritten(6, LAST + 1, RawLedger.reason("as it never was")));

        assertThat(verify(rebuilt, Checkpoints.NONE)).isInstanceOf(Sound.class);
        assertBroken(verify(rebuilt, ofACopy(before)), Flaw.REWRITTEN, LAST);
    }

    @Test
    void aTopicMadeAgainIsAnotherLedgerUnlessItIsSaidToBeACopy() {
        write();
        Checkpoint before = signed(checkpoint(topics));
        LedgerTopics copy = copy(raw(topics));

        assertBroken(verify(copy, expecting(before)), Flaw.FOREIGN_CHECKPOINT, LAST);
        assertThat(verify(copy, ofACopy(before))).isInstanceOf(Sound.class);

        Checkpoint underItsId = new Checkpoint(
                ENVIRONMENT,
                checkpoint(copy).ledgerId(),
                LAST,
                before.digest(),
                before.stateDigest(),
                before.ledgerTime(),
                before.signedAt());
        assertBroken(verify(copy, expecting(underItsId)), Flaw.RETIMED, LAST);
    }

    @Test
    void anEnvironmentWithoutEventsIsSoundAndOneWithoutALedgerIsNothing() {
        assertThat(new LedgerVerifier(connection, topics, PATIENCE)
                        .verify(ENVIRONMENT, Checkpoints.NONE, Progress.NONE))
                .isEmpty();
        write();
        Verification empty = new LedgerVerifier(connection, topics, PATIENCE)
                .verify("another", Checkpoints.NONE, Progress.NONE)
                .orElseThrow()
                .verification();
        assertThat(empty).isInstanceOf(Sound.class);
        assertThat(empty.extent().sequence()).isZero();
    }

    @Test
    void nobodyAtThePort() {
        assertThatExceptionOfType(KafkaUnavailableException.class)
                .isThrownBy(() -> new LedgerVerifier(KafkaConnection.of("localhost:1"), topics, Duration.ofMillis(500))
                        .verify(ENVIRONMENT, Checkpoints.NONE, Progress.NONE));
    }

    /** Ten events: one, a batch of three, and six; of the same partition as two of another environment. */
    private List<Recorded> write() {
        try (LedgerWriter writer = LedgerWriter.open(connection, topics, PATIENCE)) {
            List<Recorded> events = new ArrayList<>(append(writer, ENVIRONMENT, FlagCreated.bool("gastown")));
            append(writer, "gastown-staging", FlagCreated.bool("gastown"));
            append(
                    writer,
                    ENVIRONMENT,
                    FlagCreated.bool("gastown.convoys"),
                    new StageMoved("gastown", Stage.ALLOWLIST, Percentage.ZERO, false),
                    new AllowlistChanged("gastown", Allowlist.of(List.of(), List.of("acme")), Allowlist.EMPTY));
            for (int turn = 0; turn < 3; turn++) {
                append(writer, ENVIRONMENT, new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS));
                append(writer, ENVIRONMENT, new KillSwitchReleased("gastown"));
            }
            append(writer, "gastown-staging", new KillSwitchEngaged("gastown", KillSwitch.ALL_ACCESS));
            return events;
        }
    }

    private void write(LedgerTopics into, String flag) {
        try (LedgerWriter writer = LedgerWriter.open(connection, into, PATIENCE)) {
            append(writer, ENVIRONMENT, FlagCreated.bool(flag));
        }
    }

    private static List<Recorded> append(LedgerWriter writer, String environment, Change... changes) {
        AppendResult result = writer.append(environment, Actor.human("dana"), REASON, Arrays.asList(changes));
        assertThat(result).isInstanceOf(AppendResult.Accepted.class);
        return ((AppendResult.Accepted) result).events();
    }

    /** What lies in a ledger's topic for the environment. */
    private RawLedger raw(LedgerTopics of) {
        TopicPartition partition = new TopicPartition(of.events(), of.partitionOf(ENVIRONMENT));
        List<RawRecord> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = connection.consumer(PATIENCE)) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> read : consumer.poll(Duration.ofMillis(100))) {
                    if (EventCodec.environmentOf(read.key()).equals(ENVIRONMENT)) {
                        records.add(new RawRecord(
                                read.key(), read.value(), Instant.ofEpochMilli(read.timestamp()), read.offset()));
                    }
                }
            }
        }
        return new RawLedger(records);
    }

    /** Topics of their own that hold these records. */
    private LedgerTopics copy(RawLedger ledger) {
        LedgerTopics into = topics("copy" + ++copies);
        TopicSetup.ensure(connection, into, PATIENCE);
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(connection.with(Map.of()), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (RawRecord raw : ledger.records()) {
                sent.add(producer.send(
                        new ProducerRecord<>(into.events(), into.partitionOf(ENVIRONMENT), raw.key(), raw.value())));
            }
            producer.flush();
        }
        assertThat(sent)
                .allSatisfy(future -> assertThat(future.get().hasOffset()).isTrue());
        return into;
    }

    private LedgerTopics topics(String name) {
        return new LedgerTopics(kafka.topicPrefix() + name + ".events", kafka.topicPrefix() + name + ".state", 1);
    }

    private Verification verify(LedgerTopics of, Checkpoints checkpoints) {
        return new LedgerVerifier(connection, of, PATIENCE)
                .verify(ENVIRONMENT, checkpoints, Progress.NONE)
                .orElseThrow()
                .verification();
    }

    private Checkpoint checkpoint(LedgerTopics of) {
        LedgerVerifier.Outcome outcome = new LedgerVerifier(connection, of, PATIENCE)
                .verify(ENVIRONMENT, Checkpoints.NONE, Progress.NONE)
                .orElseThrow();
        assertThat(outcome.verification()).isInstanceOf(Sound.class);
        return Checkpoint.of(
                outcome.ledgerId(), outcome.verification().extent(), Instant.parse("2026-02-01T00:00:00Z"));
    }

    /** Through the text that somebody keeps, as an auditor would. */
    private static Checkpoint signed(Checkpoint checkpoint) {
        SigningKey key = SigningKey.generate();
        return SignedCheckpoint.parse(key.sign(checkpoint).text()).verified(List.of(key.verifyingKey()));
    }

    private static Checkpoints expecting(Checkpoint... checkpoints) {
        return new Checkpoints(List.of(checkpoints), false);
    }

    private static Checkpoints ofACopy(Checkpoint checkpoint) {
        return new Checkpoints(List.of(checkpoint), true);
    }

    private static void assertBroken(Verification found, Flaw flaw, long sequence) {
        assertThat(found).isInstanceOfSatisfying(Broken.class, broken -> {
            assertThat(broken.flaw()).as(broken.why()).isEqualTo(flaw);
            assertThat(broken.sequence()).as(broken.why()).isEqualTo(sequence);
        });
    }

    private static byte[] link(RawLedger ledger, long sequence) {
        return ledger.event(sequence).previousDigest().toBytes();
    }

    /**
     * One thing done to a ledger.
     *
     * @param sequence the position to be named
     */
    private record Tampering(String what, Flaw flaw, long sequence, UnaryOperator<RawLedger> deed) {
        @Override
        public String toString() {
            return what;
        }
    }
}
