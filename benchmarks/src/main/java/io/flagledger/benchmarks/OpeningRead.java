package io.flagledger.benchmarks;

import io.flagledger.core.codec.EncodedEvent;
import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.command.Command;
import io.flagledger.core.command.Decider;
import io.flagledger.core.command.Verdict;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.KillSwitchReleased;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.embedded.EmbeddedKafka;
import java.nio.file.Files;
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

/** How long a writer's first append takes on a long ledger, which it reads whole, and how much memory it then holds. */
public final class OpeningRead {
    private static final String ENVIRONMENT = "gastown-production";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final LedgerTopics TOPICS = LedgerTopics.DEFAULT;
    private static final int FLAGS = 1_000;

    private OpeningRead() {}

    /** Takes the number of events; 1 000 000 if none is given. */
    public static void main(String[] arguments) throws Exception {
        int events = arguments.length == 0 ? 1_000_000 : Integer.parseInt(arguments[0]);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(Files.createTempDirectory("opening-read"), 0)) {
            KafkaConnection connection = KafkaConnection.of(kafka.bootstrapServers());
            LedgerWriter.open(connection, TOPICS, PATIENCE).close();
            fill(connection, events);
            long before = used();
            try (LedgerWriter writer = LedgerWriter.open(connection, TOPICS, PATIENCE)) {
                long first = append(writer, FlagCreated.bool("first"));
                long held = used() - before;
                long second = append(writer, FlagCreated.bool("second"));
                System.out.printf(
                        Locale.ROOT,
                        "%,d events: first append %.2f s (%,.0f events/s), second %.1f ms, held %.1f MB (%.0f bytes an event)%n",
                        events,
                        first / 1e9,
                        events / (first / 1e9),
                        second / 1e6,
                        held / 1e6,
                        (double) held / events);
            }
        }
        System.exit(0); // the broker's last threads end by themselves, but seconds later
    }

    private static long append(LedgerWriter writer, Change change) {
        long start = System.nanoTime();
        writer.append(ENVIRONMENT, Actor.service("benchmark"), "opening", List.of(change));
        return System.nanoTime() - start;
    }

    private static long used() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Puts a ledger there without the writer, whose commits would take an hour. */
    private static void fill(KafkaConnection connection, int events) throws Exception {
        EnvironmentState state = EnvironmentState.empty(ENVIRONMENT);
        int partition = TOPICS.partitionOf(ENVIRONMENT);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                connection.with(Map.of("linger.ms", 20, "batch.size", 200_000)),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            Future<RecordMetadata> last = null;
            for (int i = 0; i < events; i++) {
                String flag = "gastown.feature-" + i % FLAGS;
                Change change = i < FLAGS
                        ? FlagCreated.bool(flag)
                        : i / FLAGS % 2 == 1
                                ? new KillSwitchEngaged(flag, KillSwitch.NEW_ACCESS)
                                : new KillSwitchReleased(flag);
                Command command = new Command(
                        UUID.randomUUID().toString(),
                        Instant.EPOCH,
                        Actor.human("dana"),
                        "a reason of the usual length, as people write it",
                        List.of(change),
                        null);
                Event event = ((Verdict.Accepted) Decider.decide(state, command))
                        .events()
                        .get(0);
                EncodedEvent encoded = EventCodec.encode(event, state.digest());
                last = producer.send(new ProducerRecord<>(
                        TOPICS.events(), partition, EventCodec.key(ENVIRONMENT, event.sequence()), encoded.value()));
                state = Fold.apply(state, new Recorded(event, state.digest(), encoded.digest(), Instant.EPOCH));
            }
            if (last != null) {
                last.get(); // an idempotent producer's records are all there, or the last is not
            }
        }
    }
}
