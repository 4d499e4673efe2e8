package io.flagledger.benchmarks;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.Head;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.TopicSetup;
import io.flagledger.core.travel.Cut;
import io.flagledger.embedded.EmbeddedKafka;
import io.flagledger.projector.AuditQuery;
import io.flagledger.projector.History;
import io.flagledger.projector.HistoryUnavailableException;
import io.flagledger.projector.Projector;
import io.flagledger.projector.ProjectorConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * How fast a long ledger is replayed: by a consumer that only polls and decodes, through the fold, and by the projector
 * with its store; what the store takes; how quickly it answers; and how long it is restored from its changelog. Broker and
 * all else in one JVM.
 */
public final class Replay {
    private static final String ENVIRONMENT = "gastown-production";
    private static final LedgerTopics TOPICS = LedgerTopics.DEFAULT;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LONGEST = Duration.ofMinutes(60);
    private static final int ROUNDS = 2;

    private final SplittableRandom random = new SplittableRandom(1);
    private final int events;
    private final KafkaConnection connection;
    private final LedgerId ledger;
    private final Path stores;

    private Replay(int events, KafkaConnection connection, LedgerId ledger, Path stores) {
        this.events = events;
        this.connection = connection;
        this.ledger = ledger;
        this.stores = stores;
    }

    /** Takes the number of events; 1 000 000 if none is given. */
    public static void main(String[] arguments) throws Exception {
        int events = arguments.length == 0 ? 1_000_000 : Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory("replay");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0)) {
            KafkaConnection connection = KafkaConnection.of(kafka.bootstrapServers());
            LedgerId ledger = TopicSetup.ensure(connection, TOPICS, PATIENCE);
            LongLedger.fill(connection, TOPICS, ENVIRONMENT, events);
            new Replay(events, connection, ledger, folder.resolve("stores")).run();
        } finally {
            delete(folder);
        }
        System.exit(0); // the broker's last threads end by themselves, but seconds later
    }

    private void run() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            long bare = read(recorded -> {});
            EnvironmentState[] state = {EnvironmentState.empty(ENVIRONMENT)};
            long folded = read(recorded -> state[0] = Fold.apply(state[0], recorded));
            tell("poll and decode", bare);
            tell("poll, decode and fold", folded);
            System.out.printf(Locale.ROOT, "  ratio %.2f%n", (double) folded / bare);
        }
        long start = System.nanoTime();
        try (Projector projector = start()) {
            await(projector);
            tell("projector: fold, store, publish", System.nanoTime() - start);
            ask(projector.history());
        }
        long bytes = size(stores);
        System.out.printf(
                Locale.ROOT, "store on disk: %.1f MB, %.0f bytes an event%n", bytes / 1e6, (double) bytes / events);
        delete(stores);
        start = System.nanoTime();
        try (Projector projector = start()) {
            await(projector);
            tell("store deleted and restored from its changelog", System.nanoTime() - start);
        }
        start = System.nanoTime();
        try (Projector projector = start()) {
            await(projector);
            tell("store kept", System.nanoTime() - start);
        }
    }

    private Projector start() {
        return Projector.start(new ProjectorConfig(connection, TOPICS, stores), ledger);
    }

    private void await(Projector projector) throws InterruptedException {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                if (projector.history().head(ENVIRONMENT).map(Head::sequence).orElse(0L) == events) {
                    return;
                }
            } catch (HistoryUnavailableException e) {
                // it starts or restores
            }
            TimeUnit.MILLISECONDS.sleep(20); // not awaitSequence, which is woken by every event
        }
        throw new IllegalStateException("the projector does not come to the end");
    }

    private long read(Consumer<Recorded> taking) {
        TopicPartition partition = new TopicPartition(TOPICS.events(), TOPICS.partitionOf(ENVIRONMENT));
        long start = System.nanoTime();
        try (KafkaConsumer<byte[], byte[]> consumer = connection.consumer(PATIENCE)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            int left = events;
            while (left > 0) {
                for (ConsumerRecord<byte[], byte[]> event : consumer.poll(PATIENCE)) {
                    taking.accept(EventCodec.decode(event.value(), Instant.ofEpochMilli(event.timestamp())));
                    left--;
                }
            }
        }
        return System.nanoTime() - start;
    }

    private void ask(History history) {
        Instant first = time(history, 1);
        long span = Duration.between(first, time(history, events)).toMillis();
        time("one flag at a time", 2_000, 5_000, i -> {
            Cut cut = Cut.at(first.plusMillis(random.nextLong(span + 1)));
            history.flag(ENVIRONMENT, LongLedger.flag(random.nextInt(LongLedger.FLAGS)), cut);
        });
        time("all 1,000 flags at a time", 100, 300, i -> {
            Cut cut = Cut.at(first.plusMillis(random.nextLong(span + 1)));
            history.of(ENVIRONMENT).at(cut);
        });
        time(
                "audit: newest 100 of one flag",
                200,
                1_000,
                i -> history.search(
                        ENVIRONMENT, AuditQuery.NEWEST.flag(LongLedger.flag(random.nextInt(LongLedger.FLAGS)))));
        time(
                "audit: 100 of a flag, an actor and a kind",
                200,
                1_000,
                i -> history.search(
                        ENVIRONMENT,
                        AuditQuery.NEWEST
                                .flag(LongLedger.flag(random.nextInt(LongLedger.FLAGS)))
                                .actor(LongLedger.person(i))
                                .kind("KillSwitchEngaged")));
        time(
                "audit: 100 of an actor before a time",
                200,
                1_000,
                i -> history.search(
                        ENVIRONMENT,
                        AuditQuery.NEWEST
                                .actor(LongLedger.person(i))
                                .until(first.plusMillis(random.nextLong(span + 1)))));
        System.gc();
        System.gc();
        System.out.printf(
                Locale.ROOT,
                "heap after all, broker included: %.1f MB%n",
                (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) / 1e6);
    }

    private static Instant time(History history, long sequence) {
        return history.events(ENVIRONMENT, sequence - 1, event -> true, 1)
                .get(0)
                .appendedAt();
    }

    private static void time(String name, int warmUp, int count, IntConsumer question) {
        Sample sample = new Sample(name, count);
        for (int i = -warmUp; i < count; i++) {
            long start = System.nanoTime();
            question.accept(Math.abs(i));
            if (i >= 0) {
                sample.add(System.nanoTime() - start);
            }
        }
        System.out.println(sample);
    }

    private void tell(String what, long nanos) {
        System.out.printf(Locale.ROOT, "%-48s %7.2f s  %,9.0f events/s%n", what, nanos / 1e9, events / (nanos / 1e9));
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(Path::toFile)
                    .filter(file -> file.isFile())
                    .mapToLong(file -> file.length())
                    .sum();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
