package io.flagledger.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Stage;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.LedgerReader;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.core.kafka.TopicSetup;
import io.flagledger.core.travel.Cut;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaExtension.class)
final class ProjectorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ENVIRONMENT = "gastown-production";

    @TempDir
    private Path folder;

    private KafkaForTest kafka;
    private KafkaConnection connection;
    private LedgerTopics topics;
    private LedgerWriter writer;

    @BeforeEach
    void open(KafkaForTest broker) {
        kafka = broker;
        connection = KafkaConnection.of(broker.bootstrapServers());
        topics = LedgerTopics.withPrefix(broker.topicPrefix() + "ledger");
        writer = LedgerWriter.open(connection, topics, PATIENCE);
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void theStateTopicAndTheHistorySayWhatWasWritten() {
        try (Projector projector = start()) {
            append(FlagCreated.bool("gastown"), FlagCreated.bool("gastown.convoys", Parent.of("gastown")));
            long last = append(StageMoved.to("gastown", Stage.ALLOWLIST));
            awaitHead(projector, last);

            Map<String, FlagState> flags = stateTopicAt(last);
            assertThat(flags.keySet()).containsExactly("gastown", "gastown.convoys");
            assertThat(flags)
                    .hasEntrySatisfying(
                            "gastown", flag -> assertThat(flag.stage()).isEqualTo(Stage.ALLOWLIST));
            assertThat(projector.history().environments()).containsExactly(ENVIRONMENT);
            assertThat(projector.history().events(ENVIRONMENT, 1, event -> true, 10))
                    .extracting(event -> event.event().sequence())
                    .containsExactly(2L, 3L);
            assertThat(projector
                            .history()
                            .events(
                                    ENVIRONMENT,
                                    0,
                                    event -> event.event().flag().equals("gastown"),
                                    10))
                    .extracting(event -> event.event().revision())
                    .containsExactly(1L, 2L);
        }
    }

    @Test
    void anotherInstanceGoesOnWhereTheFirstStopped() {
        try (Projector first = start()) {
            awaitHead(first, append(FlagCreated.bool("gastown")));
        }
        long last = append(StageMoved.to("gastown", Stage.ALLOWLIST));
        try (Projector second = start()) {
            awaitHead(second, last);
            assertThat(stateTopicAt(last))
                    .hasEntrySatisfying(
                            "gastown",
                            flag -> assertThat(flag.lastChange().revision()).isEqualTo(2));
        }
    }

    @Test
    void everythingIsMadeAgainAfterTheStoresAndTheStateTopicAreGone() throws Exception {
        Map<String, FlagState> before;
        long last;
        try (Projector first = start()) {
            append(FlagCreated.bool("gastown"), FlagCreated.bool("gastown.convoys", Parent.of("gastown")));
            last = append(StageMoved.to("gastown", Stage.ALLOWLIST));
            awaitHead(first, last);
            before = stateTopicAt(last);
        }
        delete(folder.resolve("state"));
        kafka.admin().deleteTopics(List.of(topics.state())).all().get();
        await().atMost(PATIENCE)
                .until(() -> !kafka.admin().listTopics().names().get().contains(topics.state()));

        try (Projector second = start()) {
            awaitHead(second, last);
            assertThat(stateTopicAt(last)).isEqualTo(before);
            assertThat(second.history().events(ENVIRONMENT, 0, event -> true, 10))
                    .hasSize(3);
        }
    }

    @Test
    void aRebuildIsRefusedWhileAnInstanceRunsAndThenFoldsEverythingAnew() throws Exception {
        LedgerId ledger = TopicSetup.ensure(connection, topics, PATIENCE);
        ProjectorConfig config = new ProjectorConfig(connection, topics, folder.resolve("state"));
        long last;
        try (Projector first = start()) {
            append(FlagCreated.bool("gastown"));
            last = append(StageMoved.to("gastown", Stage.ALLOWLIST));
            awaitHead(first, last);
            assertThatExceptionOfType(ProjectorRunsException.class)
                    .isThrownBy(() -> Rebuild.prepare(config, ledger, PATIENCE))
                    .withMessageContaining("still runs")
                    .satisfies(e -> assertThat(e.members()).hasSize(1));
        }
        String application = config.applicationId(ledger);
        Rebuild rebuild = Rebuild.prepare(config, ledger, PATIENCE);
        assertThat(rebuild.topics()).containsExactly(application + "-ledger-changelog");
        assertThat(rebuild.stores()).contains(config.storesOf(application));
        assertThat(config.storesOf(application)).doesNotExist();
        await().atMost(PATIENCE)
                .until(() -> !kafka.admin().listTopics().names().get().containsAll(rebuild.topics()));

        try (Projector second = start()) {
            awaitHead(second, last);
            assertThat(second.history().of(ENVIRONMENT).history("gastown")).hasSize(2);
            assertThat(second.history().now(ENVIRONMENT))
                    .isEqualTo(new LedgerReader(connection, topics, PATIENCE)
                            .history(ENVIRONMENT)
                            .at(Cut.now()));
            assertThat(stateTopicAt(last)).containsOnlyKeys("gastown");
        }
        assertThat(Rebuild.prepare(config, new LedgerId("no", "such"), PATIENCE).topics())
                .isEmpty();
    }

    private Projector start() {
        LedgerId ledger = TopicSetup.ensure(connection, topics, PATIENCE);
        return Projector.start(new ProjectorConfig(connection, topics, folder.resolve("state")), ledger);
    }

    private long append(Change... changes) {
        AppendResult result = writer.append(ENVIRONMENT, Actor.human("dana"), "a test", List.of(changes));
        assertThat(result).isInstanceOf(AppendResult.Accepted.class);
        return ((AppendResult.Accepted) result).sequence();
    }

    private static void awaitHead(Projector projector, long sequence) {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(HistoryUnavailableException.class)
                .until(() -> projector
                                .history()
                                .head(ENVIRONMENT)
                                .map(Head::sequence)
                                .orElse(0L)
                        == sequence);
    }

    /** The flags in the state topic once it has this head, which readers see a moment after the stores. */
    private Map<String, FlagState> stateTopicAt(long head) {
        Map<String, FlagState> flags = new TreeMap<>();
        AtomicLong read = new AtomicLong();
        try (KafkaConsumer<byte[], byte[]> consumer = connection.consumer(PATIENCE)) {
            TopicPartition partition = new TopicPartition(topics.state(), topics.partitionOf(ENVIRONMENT));
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(entry -> {
                    StateEntry state = StateCodec.decode(entry.value());
                    if (state instanceof StateEntry.Flag flag) {
                        flags.put(flag.state().key(), flag.state());
                    } else if (state instanceof Head seen) {
                        read.set(seen.sequence());
                    }
                });
                return read.get() == head;
            });
        }
        return flags;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
