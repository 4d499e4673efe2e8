package io.flagledger.projector;

import io.flagledger.core.kafka.LedgerTopics;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Which instance answers for which environment, as far as this one has been told: what it says may be overtaken already, so
 * whoever is asked must know by itself whether it answers. Any number of threads may ask.
 */
public final class Placement {
    private final KafkaStreams streams;
    private final LedgerTopics topics;
    private final @Nullable String self;

    Placement(KafkaStreams streams, ProjectorConfig config) {
        this.streams = streams;
        this.topics = config.topics();
        this.self = config.endpoint();
    }

    /** Where an environment is, whether it exists or not. */
    public Place of(String environment) {
        TopicPartition partition = new TopicPartition(topics.events(), topics.partitionOf(environment));
        String owner = null;
        SortedSet<String> standbys = new TreeSet<>();
        for (StreamsMetadata instance : all()) {
            if (instance.topicPartitions().contains(partition)) {
                owner = address(instance);
            } else if (stands(instance, partition)) {
                standbys.add(address(instance));
            }
        }
        return new Place(self, owner, List.copyOf(standbys));
    }

    /** The addresses of all instances, this one among them. */
    public SortedSet<String> instances() {
        SortedSet<String> addresses = new TreeSet<>();
        all().forEach(instance -> addresses.add(address(instance)));
        if (self != null) {
            addresses.add(self);
        }
        return addresses;
    }

    private Iterable<StreamsMetadata> all() {
        try {
            return streams.metadataForAllStreamsClients();
        } catch (IllegalStateException | InvalidStateStoreException e) {
            return Set.of(); // it has not joined the others yet, or is leaving them
        }
    }

    /** A standby is told of by the partitions of changelogs, which are numbered as those of the events are. */
    private static boolean stands(StreamsMetadata instance, TopicPartition partition) {
        return instance.standbyTopicPartitions().stream()
                .anyMatch(standby -> standby.partition() == partition.partition());
    }

    private static String address(StreamsMetadata instance) {
        return instance.host() + ":" + instance.port();
    }

    /**
     * Where an environment is.
     *
     * @param self the address of the instance that was asked; null if it has none
     * @param owner the address of the instance that folds it; null while it moves
     * @param standbys the addresses of those that could take over
     */
    public record Place(@Nullable String self, @Nullable String owner, List<String> standbys) {
        public boolean isHere() {
            return owner != null && owner.equals(self);
        }

        /** Whether the instance that was asked could take over. */
        public boolean isStandbyHere() {
            return self != null && standbys.contains(self);
        }

        /** The owner, if it is another instance that is known. */
        public Optional<String> elsewhere() {
            return isHere() ? Optional.empty() : Optional.ofNullable(owner);
        }
    }
}
