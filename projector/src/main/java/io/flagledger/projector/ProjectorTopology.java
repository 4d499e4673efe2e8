package io.flagledger.projector;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.WireSchema;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.TopicFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;
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
 *                                       ledger
 * </pre>
 *
 * Every node and store has a name of our own: generated names are numbered, and a renumbered changelog is lost state. One
 * store holds everything (see {@link StoreKeys}): its changelog then has the order in which things were written, and a
 * standby is at every moment what its owner was once.
 */
final class ProjectorTopology {
    /** The store: heads, events, the index of them, the flags' copies, and counts. */
    static final String LEDGER = "ledger";

    /** A flag may be larger than an event: its allowlist is a whole. */
    static final int LARGEST_RECORD = 16 << 20;

    private ProjectorTopology() {}

    /**
     * @param connection says in which frames values lie in the topics; the store holds the codec's
     */
    static Topology build(
            LedgerTopics topics,
            LedgerId ledger,
            KafkaConnection connection,
            PublishedHeads published,
            Watchers watchers) {
        TopicFormat events = connection.format(topics.events(), WireSchema.EVENT);
        TopicFormat state = connection.format(topics.state(), WireSchema.STATE);
        Topology topology = new Topology();
        topology.addSource("read-events", new ByteArrayDeserializer(), new ByteArrayDeserializer(), topics.events());
        topology.addProcessor(
                "fold", () -> new FoldProcessor(ledger.events(), events, published, watchers), "read-events");
        topology.addStateStore(store(), "fold");
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

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store() {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(LEDGER), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(LARGEST_RECORD)));
    }
}
