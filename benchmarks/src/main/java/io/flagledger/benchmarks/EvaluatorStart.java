package io.flagledger.benchmarks;

import io.flagledger.core.codec.EncodedEvent;
import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.command.Command;
import io.flagledger.core.command.Decider;
import io.flagledger.core.command.Verdict;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.TopicSetup;
import io.flagledger.embedded.EmbeddedKafka;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagLedgerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How long an evaluator takes from {@code connect} until it answers, from Kafka and from a snapshot file, and how much
 * memory its flags take. The first start of each kind is that of a cold JVM for the classes it needs.
 */
public final class EvaluatorStart {
    private static final String ENVIRONMENT = "gastown-production";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final LedgerTopics TOPICS = LedgerTopics.DEFAULT;
    private static final int ROUNDS = 5;

    private EvaluatorStart() {}

    /**
     * Takes the number of flags; 10 000 if none is given. With a snapshot file behind it, only starts from that, with no
     * Kafka: once, in this JVM that has done nothing else.
     */
    public static void main(String[] arguments) throws Exception {
        int flags = arguments.length == 0 ? 10_000 : Integer.parseInt(arguments[0]);
        if (arguments.length > 1) {
            fromSnapshot(Path.of(arguments[1]), 0);
            System.exit(0);
        }
        Path folder = Files.createTempDirectory("evaluator-start");
        Path file = folder.resolve("flags.snapshot");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("broker"), 0)) {
            KafkaConnection connection = KafkaConnection.of(kafka.bootstrapServers());
            LedgerId id = TopicSetup.ensure(connection, TOPICS, PATIENCE);
            fill(connection, id, flags);
            for (int round = 0; round < ROUNDS; round++) {
                start("from the state topic", FlagLedgerConfig.of(connection, ENVIRONMENT), round);
            }
            FlagLedgerConfig saving =
                    FlagLedgerConfig.of(connection, ENVIRONMENT).withSnapshot(file);
            long before = used();
            FlagLedger held = FlagLedger.connect(saving);
            held.awaitCurrent(PATIENCE);
            double megabytes = (used() - before) / 1e6;
            System.out.printf(
                    Locale.ROOT,
                    "%,d flags: %.1f MB of heap, %.0f bytes a flag, the consumer included%n",
                    held.state().flags().size(),
                    megabytes,
                    megabytes * 1e6 / flags);
            held.close();
            System.out.printf(Locale.ROOT, "the snapshot: %.1f MB in %s%n", Files.size(file) / 1e6, file);
        }
        for (int round = 0; round < ROUNDS; round++) {
            fromSnapshot(file, round);
        }
        System.exit(0); // the broker's last threads end by themselves, but seconds later
    }

    private static void fromSnapshot(Path file, int round) throws InterruptedException {
        start(
                "from the snapshot, no Kafka",
                FlagLedgerConfig.of("127.0.0.1:1", ENVIRONMENT).withSnapshot(file),
                round);
    }

    private static void start(String how, FlagLedgerConfig config, int round) throws InterruptedException {
        long start = System.nanoTime();
        try (FlagLedger flags = FlagLedger.connect(config)) {
            flags.awaitReady(PATIENCE);
            System.out.printf(
                    Locale.ROOT,
                    "%s, start %d: %,d flags in %.0f ms%n",
                    how,
                    round + 1,
                    flags.state().flags().size(),
                    (System.nanoTime() - start) / 1e6);
        }
    }

    private static long used() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Puts events there without the writer, and what a projector makes of them. */
    private static void fill(KafkaConnection connection, LedgerId id, int flags) throws Exception {
        EnvironmentState state = EnvironmentState.empty(ENVIRONMENT);
        int partition = TOPICS.partitionOf(ENVIRONMENT);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                connection.with(Map.of("linger.ms", 20, "batch.size", 200_000)),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            Future<RecordMetadata> last;
            for (int i = 0; i < flags; i++) {
                Command command = new Command(
                        UUID.randomUUID().toString(),
                        Instant.EPOCH,
                        Actor.human("dana"),
                        "a reason of the usual length, as people write it",
                        List.of(FlagCreated.bool("gastown.feature-" + i)),
                        null);
                Event event = ((Verdict.Accepted) Decider.decide(state, command))
                        .events()
                        .get(0);
                EncodedEvent encoded = EventCodec.encode(event, state.digest());
                last = producer.send(new ProducerRecord<>(
                        TOPICS.events(), partition, EventCodec.key(ENVIRONMENT, event.sequence()), encoded.value()));
                state = Fold.apply(state, new Recorded(event, state.digest(), encoded.digest(), Instant.EPOCH));
            }
            for (FlagState flag : state.flags().sortedValues()) {
                last = publish(producer, partition, new StateEntry.Flag(ENVIRONMENT, flag));
            }
            last = publish(
                    producer,
                    partition,
                    new Head(ENVIRONMENT, id.events(), flags, state.digest(), state.ledgerTime(), flags - 1L, flags));
            last.get(); // an idempotent producer's records are all there, or the last is not
        }
    }

    private static Future<RecordMetadata> publish(
            KafkaProducer<byte[], byte[]> producer, int partition, StateEntry entry) {
        return producer.send(
                new ProducerRecord<>(TOPICS.state(), partition, StateCodec.key(entry), StateCodec.encode(entry)));
    }
}
