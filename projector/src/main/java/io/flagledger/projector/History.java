package io.flagledger.projector;

import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.kafka.LedgerTopics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What the projector knows of the past. Any number of threads may ask. Every method throws {@link
 * HistoryUnavailableException} while the stores are being restored or moved.
 */
public final class History {
    private final KafkaStreams streams;
    private final LedgerTopics topics;

    History(KafkaStreams streams, LedgerTopics topics) {
        this.streams = streams;
        this.topics = topics;
    }

    /** The environments that have a history. */
    public SortedSet<String> environments() {
        SortedSet<String> names = new TreeSet<>();
        try (KeyValueIterator<Bytes, byte[]> all =
                store(ProjectorTopology.HEADS, Optional.empty()).all()) {
            all.forEachRemaining(head -> names.add(StoreKeys.environment(head.key)));
        } catch (InvalidStateStoreException e) {
            throw new HistoryUnavailableException(e);
        }
        return names;
    }

    /** How far an environment has come; nothing if there is none. */
    public Optional<Head> head(String environment) {
        return Optional.ofNullable(get(ProjectorTopology.HEADS, environment))
                .map(head -> (Head) StateCodec.decode(head));
    }

    /** Why an environment is not projected any more; nothing if it is. */
    public Optional<String> stopped(String environment) {
        return Optional.ofNullable(get(ProjectorTopology.STOPPED, environment))
                .map(why -> new String(why, StandardCharsets.UTF_8));
    }

    /**
     * The events of an environment behind a sequence that match, oldest first, with their ledger times.
     *
     * @param limit how many at most
     */
    public List<Recorded> events(String environment, long after, Predicate<Recorded> matches, int limit) {
        List<Recorded> found = new ArrayList<>();
        long head = head(environment).map(Head::sequence).orElse(0L);
        if (after >= head) {
            return found;
        }
        try (KeyValueIterator<Bytes, byte[]> events = store(ProjectorTopology.EVENTS, Optional.of(environment))
                .range(StoreKeys.event(environment, after + 1), StoreKeys.event(environment, head))) {
            while (events.hasNext() && found.size() < limit) {
                Recorded event = StoredEvent.read(events.next().value);
                if (matches.test(event)) {
                    found.add(event);
                }
            }
        } catch (InvalidStateStoreException e) {
            throw new HistoryUnavailableException(e);
        }
        return found;
    }

    private byte @Nullable [] get(String store, String environment) {
        try {
            return store(store, Optional.of(environment)).get(StoreKeys.environment(environment));
        } catch (InvalidStateStoreException e) {
            throw new HistoryUnavailableException(e);
        }
    }

    private ReadOnlyKeyValueStore<Bytes, byte[]> store(String name, Optional<String> environment) {
        StoreQueryParameters<ReadOnlyKeyValueStore<Bytes, byte[]>> query =
                StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.keyValueStore());
        return streams.store(environment
                .map(named -> query.withPartition(topics.partitionOf(named)))
                .orElse(query));
    }
}
