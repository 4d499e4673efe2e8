package io.flagledger.projector;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.WireSchema;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.TopicFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The shape of the projection.
 *
 * <pre>
 * flag-ledger.events ──► read-events ──► fold ──► write-state ──► flag-ledger.state
 *                                         │
 *                            flags · heads · events · stopped
 * </pre>
 *
 * Every node and store has a name of our own: generated names are numbered, and a renumbered changelog is lost state.
 */
final class ProjectorTopology {
    /** Each flag as it is, by environment and key. */
    static final String FLAGS = "flags";

    /** Each environment's head. */
    static final String HEADS = "heads";

    /** Each event, by environment and sequence. */
    static final String EVENTS = "events";

    /** Each environment that cannot be folded on, and why. */
    static final String STOPPED = "stopped";

    private ProjectorTopology() {}

    /**
     * @param connection says in which frames values lie in the topics; the stores hold the codec's
     * @param heads is told of each head when its stores are written, before Kafka has committed it; on the stream thread
     */
    static Topology build(LedgerTopics topics, LedgerId ledger, KafkaConnection connection, Consumer<Head> heads) {
        TopicFormat events = connection.format(topics.events(), WireSchema.EVENT);
        TopicFormat state = connection.format(topics.state(), WireSchema.STATE);
        Topology topology = new Topology();
        topology.addSource("read-events", new ByteArrayDeserializer(), new ByteArrayDeserializer(), topics.events());
        topology.addProcessor("fold", () -> new FoldProcessor(ledger.events(), events, heads), "read-events");
        for (String store : List.of(FLAGS, HEADS, EVENTS, STOPPED)) {
            topology.addStateStore(store(store), "fold");
        }
        StreamPartitioner<byte[], byte[]> besideTheEvents = (topic, key, value, partitions) ->
                Optional.of(Set.of(topics.partitionOf(EventCodec.environmentOf(key))));
        topology.addSink(
                "write-state",
                topics.state(),
                new ByteArraySerializer(),
                (topic, value) -> state.write(value),
                besideTheEvents,
                "fold");
        return topology;
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray());
    }
}
