package io.flagledger.projector;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.event.Digest;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.LedgerTopics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/**
 * How a projector runs. The connection's properties reach Kafka Streams as well, and so may say more, such as the tags
 * ({@code client.tag.zone}, {@code rack.aware.assignment.tags}) by which standbys are spread over racks.
 *
 * @param stateDirectory where its stores lie; may be deleted while it does not run
 * @param standbys how many other instances keep a copy of each partition's store at hand; 0 or more
 * @param instanceId the same for this instance at each of its starts and for no other: whoever is back within half a
 *     minute then takes up its partitions where they were, and nobody moves. Null: partitions move at once when it leaves.
 * @param endpoint {@code host:port} under which other instances reach what answers for this one; null if nothing does
 */
public record ProjectorConfig(
        KafkaConnection connection,
        LedgerTopics topics,
        Path stateDirectory,
        int standbys,
        @Nullable String instanceId,
        @Nullable String endpoint) {
    /**
     * How the store is laid out ({@link StoreKeys}) and what its values are. To be raised with every change of either, the
     * schema of the state among them: a program of another layout then builds a store of its own.
     */
    private static final int LAYOUT = 3;

    /** What the groups, transactional ids and internal topics of all projectors start with, whatever their ledger. */
    public static final String NAME = "flag-ledger-projector-";

    /** One instance without standbys. */
    public ProjectorConfig(KafkaConnection connection, LedgerTopics topics, Path stateDirectory) {
        this(connection, topics, stateDirectory, 0, null, null);
    }

    public ProjectorConfig {
        requireNonNull(connection, "connection");
        requireNonNull(topics, "topics");
        requireNonNull(stateDirectory, "stateDirectory");
        if (standbys < 0) {
            throw new IllegalArgumentException("there can't be %d standbys".formatted(standbys));
        }
    }

    /**
     * Names the application after the two topics it stands between, so that stores and positions that were made from
     * another ledger, or for a state topic that is gone, are never taken up: a projector of a new name starts from the
     * first event and fills the new topic. The schema of events is in the name as well, so that a version that can read
     * more starts anew where one that could not had to stop; so does one that was told of a Schema Registry. The layout of
     * the store is in it too, so that none is ever misread.
     */
    String applicationId(LedgerId ledger) {
        String all = ledger.events() + "/" + ledger.state() + "/" + EventCodec.schemaFingerprint() + "/" + LAYOUT
                + (connection.readsConfluentFrames() ? "/registry" : "");
        return NAME + Digest.of(all.getBytes(StandardCharsets.UTF_8)).toString().substring(0, 12);
    }

    /** Where this application's stores lie. */
    Path storesOf(String applicationId) {
        return stateDirectory.resolve(applicationId);
    }

    /** The stores of other applications than this, which lie here since former versions or former ledgers. */
    List<Path> formerStores(LedgerId ledger) {
        if (!Files.isDirectory(stateDirectory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(stateDirectory)) {
            return all.filter(path -> path.getFileName().toString().startsWith(NAME))
                    .filter(path -> !path.getFileName().toString().equals(applicationId(ledger)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("can't look for stores in " + stateDirectory, e);
        }
    }

    StreamsConfig streams(LedgerId ledger) {
        Map<String, Object> all = new HashMap<>();
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId(ledger));
        all.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        // The processor asks for a commit where somebody may wait for it; this is for replays.
        all.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
        all.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        all.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, standbys);
        all.put(StreamsConfig.POLL_MS_CONFIG, 10);
        all.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StoreSettings.class);
        // A commit flushes, so nobody who waits for one waits for this; a replay sends few large requests by it.
        all.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 50);
        all.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 << 10);
        all.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        all.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), ProjectorTopology.LARGEST_RECORD);
        all.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        // The shortest that brokers allow by default: after a kill -9 the next one waits this long.
        int session = instanceId == null ? 6_000 : 30_000;
        all.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), session);
        all.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_500);
        if (instanceId != null) {
            all.put(StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), instanceId);
        }
        if (endpoint != null) {
            all.put(StreamsConfig.APPLICATION_SERVER_CONFIG, endpoint);
        }
        return new StreamsConfig(connection.with(all));
    }
}
