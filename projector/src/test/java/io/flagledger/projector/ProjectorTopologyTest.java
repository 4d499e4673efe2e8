package io.flagledger.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.event.Stage;
import io.flagledger.core.fold.MemoryLedger;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.LedgerTopics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProjectorTopologyTest {
    private static final LedgerTopics TOPICS = LedgerTopics.DEFAULT;
    private static final LedgerId LEDGER = new LedgerId("events-id", "state-id");
    private static final KafkaConnection UNUSED = KafkaConnection.of("localhost:1");

    private final List<Head> heads = new ArrayList<>();
    private final MemoryLedger ledger = MemoryLedger.gastown();

    @TempDir
    private Path folder;

    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> events;
    private TestOutputTopic<byte[], byte[]> state;

    @BeforeEach
    void open() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        driver = new TopologyTestDriver(ProjectorTopology.build(TOPICS, LEDGER, UNUSED, heads::add), settings);
        events = driver.createInputTopic(TOPICS.events(), new ByteArraySerializer(), new ByteArraySerializer());
        state = driver.createOutputTopic(TOPICS.state(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void theShapeIsPinned() {
        assertThat(ProjectorTopology.build(TOPICS, LEDGER, UNUSED, head -> {})
                        .describe()
                        .toString())
                .isEqualToIgnoringWhitespace("""
                        Topologies:
                           Sub-topology: 0
                            Source: read-events (topics: [flag-ledger.events])
                              --> fold
                            Processor: fold (stores: [stopped, flags, heads, events])
                              --> write-state
                              <-- read-events
                            Sink: write-state (topic: flag-ledger.state)
                              <-- fold
                        """);
    }

    @Test
    void eachBatchYieldsItsFlagsAndThenTheHead() {
        ledger.batch(
                FlagCreated.bool("gastown"), FlagCreated.bool("convoys"), StageMoved.to("convoys", Stage.ALLOWLIST));
        pipe(ledger.events());

        assertThat(written())
                .containsExactly(
                        new StateEntry.Flag("gastown-test", ledger.flag("convoys")),
                        new StateEntry.Flag("gastown-test", ledger.flag("gastown")),
                        new Head(
                                "gastown-test",
                                "events-id",
                                3,
                                ledger.state().digest(),
                                ledger.state().ledgerTime(),
                                2,
                                2));
        assertThat(heads).extracting(Head::sequence).containsExactly(3L);
    }

    @Test
    void halfABatchYieldsNothingAndIsKept() {
        ledger.accept(FlagCreated.bool("gastown"));
        ledger.batch(FlagCreated.bool("convoys"), StageMoved.to("gastown", Stage.ALLOWLIST));
        pipe(ledger.events().subList(0, 2));

        assertThat(heads).extracting(Head::sequence).containsExactly(1L);
        assertThat(store(ProjectorTopology.EVENTS).get(StoreKeys.event("gastown-test", 2)))
                .isNotNull();
    }

    @Test
    void whatWasHalfABatchBeforeARestartIsTakenUpAgain() {
        ledger.accept(FlagCreated.bool("gastown"));
        ledger.batch(FlagCreated.bool("convoys"), StageMoved.to("gastown", Stage.ALLOWLIST));
        pipe(ledger.events().subList(0, 2));
        List<byte[]> kept = new ArrayList<>();
        store(ProjectorTopology.EVENTS).all().forEachRemaining(event -> kept.add(event.value));
        List<StateEntry> before = written();

        close();
        open();
        for (StateEntry entry : before) {
            Bytes key = entry instanceof StateEntry.Flag flag
                    ? StoreKeys.flag("gastown-test", flag.state().key())
                    : StoreKeys.environment("gastown-test");
            store(entry instanceof Head ? ProjectorTopology.HEADS : ProjectorTopology.FLAGS)
                    .put(key, StateCodec.encode(entry));
        }
        for (int i = 0; i < kept.size(); i++) {
            store(ProjectorTopology.EVENTS).put(StoreKeys.event("gastown-test", i + 1L), kept.get(i));
        }
        pipe(ledger.events().subList(2, 3));

        assertThat(written())
                .contains(
                        new StateEntry.Flag("gastown-test", ledger.flag("convoys")),
                        new StateEntry.Flag("gastown-test", ledger.flag("gastown")));
    }

    @Test
    void aMirroredDuplicateChangesNothing() {
        ledger.accept(FlagCreated.bool("gastown"));
        pipe(ledger.events());
        pipe(ledger.events());

        assertThat(heads).hasSize(1);
        assertThat(store(ProjectorTopology.STOPPED).get(StoreKeys.environment("gastown-test")))
                .isNull();
    }

    @Test
    void whatCannotBeReadStopsItsEnvironmentLoudlyAndNoOther() {
        MemoryLedger other = new MemoryLedger("staging").accept(FlagCreated.bool("gastown"));
        ledger.accept(FlagCreated.bool("gastown"), StageMoved.to("gastown", Stage.ALLOWLIST));
        pipe(ledger.events().subList(0, 1));
        events.pipeInput(EventCodec.key("gastown-test", 2), "no event".getBytes(StandardCharsets.UTF_8));
        pipe(ledger.events().subList(1, 2));
        pipe(other.events());

        assertThat(heads)
                .extracting(Head::environment, Head::sequence)
                .containsExactly(tuple("gastown-test", 1L), tuple("staging", 1L));
        assertThat(new String(
                        store(ProjectorTopology.STOPPED).get(StoreKeys.environment("gastown-test")),
                        StandardCharsets.UTF_8))
                .startsWith(
                        "gastown-test stops at offset 1 of flag-ledger.events: this version of Flag Ledger can't read");
    }

    @Test
    void aDeletedEventStopsItsEnvironmentAndNoOther() {
        ledger.accept(FlagCreated.bool("gastown"));
        pipe(ledger.events());
        delete("gastown-test", 2);
        delete("gastown-test", 1); // deleted after it was folded: of no concern here
        pipe(new MemoryLedger("staging").accept(FlagCreated.bool("gastown")).events());

        assertThat(heads).extracting(Head::environment).containsExactly("gastown-test", "staging");
        assertThat(new String(
                        store(ProjectorTopology.STOPPED).get(StoreKeys.environment("gastown-test")),
                        StandardCharsets.UTF_8))
                .contains("an event was deleted: its record is a tombstone");
    }

    @Test
    void aGapStopsTheEnvironment() {
        ledger.accept(
                FlagCreated.bool("gastown"),
                StageMoved.to("gastown", Stage.ALLOWLIST),
                StageMoved.to("gastown", Stage.ADMIN_ONLY));
        pipe(List.of(ledger.events().get(0), ledger.events().get(2)));

        assertThat(new String(
                        store(ProjectorTopology.STOPPED).get(StoreKeys.environment("gastown-test")),
                        StandardCharsets.UTF_8))
                .contains("event 3 of gastown-test cannot be folded: the one before it was 1");
    }

    private void pipe(List<Recorded> recorded) {
        for (Recorded event : recorded) {
            events.pipeInput(
                    EventCodec.key(event.event().environment(), event.event().sequence()),
                    EventCodec.encode(event.event(), event.previousDigest()).value(),
                    event.appendedAt());
        }
    }

    private void delete(String environment, long sequence) {
        byte[] tombstone = null;
        events.pipeInput(EventCodec.key(environment, sequence), tombstone);
    }

    private List<StateEntry> written() {
        return state.readValuesToList().stream().map(StateCodec::decode).toList();
    }

    private KeyValueStore<Bytes, byte[]> store(String name) {
        return driver.getKeyValueStore(name);
    }
}
