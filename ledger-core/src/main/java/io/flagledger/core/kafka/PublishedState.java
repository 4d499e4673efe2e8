package io.flagledger.core.kafka;

import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.codec.WireSchema;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagMap;
import io.flagledger.core.fold.FlagState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** What the state topic says of an environment, taken at its word. */
public final class PublishedState {
    private static final Duration POLL = Duration.ofMillis(100);

    private PublishedState() {}

    /**
     * Reads the topic to its end, where all flags belong to the last head.
     *
     * @return nothing if the topic says nothing of it
     * @throws KafkaUnavailableException if Kafka does not answer within the time
     */
    public static Optional<EnvironmentState> read(
            KafkaConnection connection, LedgerTopics topics, String environment, Duration patience) {
        TopicPartition partition = new TopicPartition(topics.state(), topics.partitionOf(environment));
        TopicFormat format = connection.format(topics.state(), WireSchema.STATE);
        Map<String, StateEntry> entries = new HashMap<>();
        long moved = System.nanoTime();
        try (KafkaConsumer<byte[], byte[]> consumer = connection.consumer(patience)) {
            try {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
                long position = consumer.position(partition);
                while (position < end) {
                    for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(POLL)) {
                        take(environment, entry, format, entries);
                    }
                    long now = System.nanoTime();
                    if (consumer.position(partition) > position) {
                        position = consumer.position(partition);
                        moved = now;
                    } else if (now - moved > patience.toNanos()) {
                        throw new KafkaException("offset %d of %s does not come".formatted(position, partition));
                    }
                }
            } finally {
                consumer.close(CloseOptions.timeout(Duration.ZERO));
            }
        } catch (KafkaException e) {
            throw new KafkaUnavailableException(
                    "read what is published of %s at %s".formatted(environment, connection),
                    Duration.ofNanos(System.nanoTime() - moved),
                    e);
        }
        return Optional.ofNullable((Head) entries.get(environment)).map(head -> state(head, entries));
    }

    private static void take(
            String environment,
            ConsumerRecord<byte[], byte[]> entry,
            TopicFormat format,
            Map<String, StateEntry> entries) {
        String key = new String(entry.key(), StandardCharsets.UTF_8);
        if (entry.value() == null) {
            entries.remove(key);
        } else if (key.equals(environment) || key.startsWith(environment + "/")) {
            entries.put(key, StateCodec.decode(format.read(entry.value())));
        }
    }

    private static EnvironmentState state(Head head, Map<String, StateEntry> entries) {
        FlagMap<FlagState> flags = FlagMap.empty();
        for (StateEntry entry : entries.values()) {
            if (entry instanceof StateEntry.Flag flag) {
                flags = flags.with(flag.state().key(), flag.state());
            }
        }
        return new EnvironmentState(head.environment(), head.sequence(), head.digest(), head.ledgerTime(), 0, flags);
    }
}
