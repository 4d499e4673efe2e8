package io.flagledger.projector;

import io.flagledger.core.codec.Head;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.travel.Cut;
import io.flagledger.core.travel.LedgerHistory;
import io.flagledger.core.travel.NoSuchPositionException;
import io.flagledger.core.travel.Revision;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
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
 * What the projector knows of the past. Each answer is of one consistent cut, whatever happens meanwhile. Any number of
 * threads may ask. Every method throws {@link HistoryUnavailableException} while the store is being restored or moved.
 */
public final class History {
    private static final int TRIES = 20;

    private final Stores stores;
    private final Map<String, EnvironmentState> now;
    private final Archives archives = new Archives() {
        @Override
        public <R> R ask(String environment, Function<Archive, R> question) {
            return History.this.ask(environment, question);
        }
    };

    History(Stores stores, Map<String, EnvironmentState> now) {
        this.stores = stores;
        this.now = now;
    }

    static History of(KafkaStreams streams, LedgerTopics topics, Map<String, EnvironmentState> now, boolean stale) {
        return new History(
                environment -> {
                    StoreQueryParameters<ReadOnlyKeyValueStore<Bytes, byte[]>> query =
                            StoreQueryParameters.fromNameAndType(
                                    ProjectorTopology.LEDGER, QueryableStoreTypes.keyValueStore());
                    StoreQueryParameters<ReadOnlyKeyValueStore<Bytes, byte[]>> one =
                            environment == null ? query : query.withPartition(topics.partitionOf(environment));
                    return streams.store(stale ? one.enableStaleStores() : one);
                },
                now);
    }

    /** The environments that have a history here. */
    public SortedSet<String> environments() {
        return guarded(() -> {
            SortedSet<String> names = new TreeSet<>();
            try (KeyValueIterator<Bytes, byte[]> all =
                    stores.of(null).range(StoreKeys.firstHead(), StoreKeys.lastHead())) {
                all.forEachRemaining(head -> names.add(StoreKeys.environmentOfHead(head.key)));
            }
            return names;
        });
    }

    /** How far an environment has come; nothing if there is none. */
    public Optional<Head> head(String environment) {
        return guarded(() -> Archive.head(stores.of(environment), environment));
    }

    /** Why an environment is not projected any more; nothing if it is. */
    public Optional<String> stopped(String environment) {
        return guarded(() -> Optional.ofNullable(stores.of(environment).get(StoreKeys.stopped(environment)))
                .map(why -> new String(why, StandardCharsets.UTF_8)));
    }

    /**
     * All flags as they are; one read of memory where this instance folds the environment itself. Never behind a head that
     * was told, and a moment ahead of it while a batch is being written.
     */
    public EnvironmentState now(String environment) {
        EnvironmentState folded = now.get(environment);
        return folded == null ? of(environment).at(Cut.now()) : folded;
    }

    /** What can be asked of an environment's past in general. */
    public LedgerHistory of(String environment) {
        return new ProjectedHistory(environment, archives);
    }

    /**
     * One flag as it was, without the others.
     *
     * @return null if it was not there
     * @throws NoSuchPositionException if the history ends before the cut
     */
    public @Nullable FlagState flag(String environment, String flag, Cut cut) {
        return ask(environment, archive -> archive.flag(flag, archive.sequence(cut)));
    }

    /** The revisions of a flag that were made behind a sequence, oldest first, at most so many. */
    public List<Revision> revisions(String environment, String flag, long after, int limit) {
        return new ProjectedHistory(environment, archives).history(flag, after, limit);
    }

    /** The events that a query asks for, a page at a time. Costs what its rarest filter has, not what the ledger has. */
    public AuditPage search(String environment, AuditQuery query) {
        return ask(environment, archive -> {
            try (AuditSearch search = new AuditSearch(archive, query)) {
                return search.page();
            }
        });
    }

    /**
     * The whole life of an environment in marks: one for each change where there are few, else one for a number of them.
     *
     * @param limit how many marks at most, at least 1
     */
    public Marks marks(String environment, int limit) {
        return ask(environment, archive -> {
            try (MarkWalk walk = new MarkWalk(archive, environment, limit)) {
                return walk.marks();
            }
        });
    }

    /**
     * How much happened, by day, actor and kind of change.
     *
     * @param from the first day, in UTC
     * @param until the day after the last
     */
    public Activity activity(String environment, LocalDate from, LocalDate until) {
        for (int i = 0; i < TRIES; i++) {
            Optional<Activity> counted = ask(environment, archive -> archive.activity(from, until));
            if (counted.isPresent()) {
                return counted.get();
            }
        }
        throw new HistoryUnavailableException("%s changes faster than it can be counted".formatted(environment));
    }

    /**
     * The events of an environment behind a sequence that match, oldest first, with their ledger times.
     *
     * @param limit how many at most
     */
    public List<Recorded> events(String environment, long after, Predicate<Recorded> matches, int limit) {
        return ask(environment, archive -> {
            List<Recorded> found = new ArrayList<>();
            for (long at = after + 1; at <= archive.sequence() && found.size() < limit; at++) {
                Recorded event = archive.event(at);
                if (matches.test(event)) {
                    found.add(event);
                }
            }
            return found;
        });
    }

    private <R> R ask(String environment, Function<Archive, R> question) {
        return guarded(() -> {
            ReadOnlyKeyValueStore<Bytes, byte[]> store = stores.of(environment);
            Archive archive = new Archive(store, environment);
            R answer = question.apply(archive);
            long head = Archive.head(store, environment).map(Head::sequence).orElse(0L);
            if (head < archive.sequence()) {
                throw new HistoryUnavailableException("the store was emptied while it was read");
            }
            return answer;
        });
    }

    private static <R> R guarded(Question<R> question) {
        try {
            return question.ask();
        } catch (InvalidStateStoreException e) {
            throw new HistoryUnavailableException(e);
        }
    }

    /** Where the entries of an environment lie, or those of all. */
    @FunctionalInterface
    interface Stores {
        ReadOnlyKeyValueStore<Bytes, byte[]> of(@Nullable String environment);
    }

    private interface Question<R> {
        R ask();
    }
}
