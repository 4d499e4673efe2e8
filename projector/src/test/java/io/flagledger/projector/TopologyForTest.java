package io.flagledger.projector;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.LedgerTopics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The topology without Kafka. */
final class TopologyForTest implements AutoCloseable {
    static final LedgerTopics TOPICS = LedgerTopics.DEFAULT;
    static final LedgerId LEDGER = new LedgerId("events-id", "state-id");
    static final KafkaConnection UNUSED = KafkaConnection.of("localhost:1");

    final List<Head> heads = new ArrayList<>();
    final Map<String, EnvironmentState> now = new HashMap<>();
    final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> events;
    private final TestOutputTopic<byte[], byte[]> state;

    TopologyForTest(Path folder) {
        this(folder, partition -> Map.of());
    }

    TopologyForTest(Path folder, PublishedHeads published) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        driver = new TopologyTestDriver(
                ProjectorTopology.build(TOPICS, LEDGER, UNUSED, published, new Told()), settings);
        events = driver.createInputTopic(TOPICS.events(), new ByteArraySerializer(), new ByteArraySerializer());
        state = driver.createOutputTopic(TOPICS.state(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    void pipe(List<Recorded> recorded) {
        for (Recorded event : recorded) {
            events.pipeInput(
                    EventCodec.key(event.event().environment(), event.event().sequence()),
                    EventCodec.encode(event.event(), event.previousDigest()).value(),
                    event.appendedAt());
        }
    }

    void pipe(String environment, long sequence, byte @Nullable [] value) {
        events.pipeInput(EventCodec.key(environment, sequence), value);
    }

    Watchers watchers() {
        return new Told();
    }

    /** What went to the state topic since this was last asked. */
    List<StateEntry> written() {
        return state.readValuesToList().stream().map(StateCodec::decode).toList();
    }

    KeyValueStore<Bytes, byte[]> store() {
        return driver.getKeyValueStore(ProjectorTopology.LEDGER);
    }

    History history() {
        return new History(environment -> store(), now);
    }

    Optional<String> stopped(String environment) {
        return history().stopped(environment);
    }

    /** Everything in the store. */
    List<KeyValue<Bytes, byte[]>> entries() {
        List<KeyValue<Bytes, byte[]>> all = new ArrayList<>();
        try (var stored = store().all()) {
            stored.forEachRemaining(all::add);
        }
        return all;
    }

    @Override
    public void close() {
        driver.close();
    }

    private final class Told implements Watchers {
        @Override
        public void folded(EnvironmentState folded) {
            if (folded.isWhole()) {
                now.put(folded.environment(), folded);
            }
        }

        @Override
        public void told(Head head) {
            heads.add(head);
        }

        @Override
        public void seen(int partition, long offset) {}

        @Override
        public void forgotten(String environment) {
            now.remove(environment);
        }
    }
}
