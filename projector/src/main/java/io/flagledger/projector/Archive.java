package io.flagledger.projector;

import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.event.Batch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagMap;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.travel.Cut;
import io.flagledger.core.travel.NoSuchPositionException;
import io.flagledger.projector.AuditQuery.Order;
import io.flagledger.projector.StoreKeys.Tag;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** One environment's past as it lies in the store, up to its head when this was opened. For one question. */
final class Archive {
    /*
     * The past needs no lock. What is written of it is never written again, with one exception that keeps its past beside
     * it (DayCount), and the head is written last: so what lies at or below a head that was read stays as it is, whatever
     * is added meanwhile. The same holds on a standby, because there is one store: its one changelog brings everything in
     * the order in which it was written. With a store for each purpose, a standby's head could be ahead of its events.
     *
     * A flag at a position is found backwards: the newest entry of the flag in the index at or before it, and from there
     * to the newest entry that carries a whole copy (see Chain).
     */
    static final String CREATED = "FlagCreated";

    private final ReadOnlyKeyValueStore<Bytes, byte[]> store;
    private final String environment;
    private final @Nullable Head head;

    Archive(ReadOnlyKeyValueStore<Bytes, byte[]> store, String environment) {
        this.store = store;
        this.environment = environment;
        this.head = head(store, environment).orElse(null);
    }

    static Optional<Head> head(ReadOnlyKeyValueStore<Bytes, byte[]> store, String environment) {
        return Optional.ofNullable(store.get(StoreKeys.head(environment))).map(Archive::head);
    }

    static Head head(byte[] stored) {
        return (Head) StateCodec.decode(stored);
    }

    Optional<Head> head() {
        return Optional.ofNullable(head);
    }

    /** That of the head; 0 if nothing has happened. */
    long sequence() {
        return head == null ? 0 : head.sequence();
    }

    /** An event at or below the head. */
    Recorded event(long sequence) {
        return StoredEvent.read(stored(sequence));
    }

    private byte[] stored(long sequence) {
        byte[] stored = store.get(StoreKeys.event(environment, sequence));
        if (stored == null) {
            throw new HistoryUnavailableException("event %d of %s is not there yet".formatted(sequence, environment));
        }
        return stored;
    }

    /** The last event whose ledger time is early enough; 0 if none is. */
    long last(Predicate<Instant> earlyEnough) {
        long low = 0;
        long high = sequence();
        while (low < high) {
            long middle = low + (high - low + 1) / 2;
            if (earlyEnough.test(StoredEvent.ledgerTime(stored(middle)))) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /**
     * The sequence of the state that a cut means, which is never one within a batch.
     *
     * @throws NoSuchPositionException if it is behind the head
     */
    long sequence(Cut cut) {
        if (cut instanceof Cut.AtSequence at) {
            if (at.sequence() > sequence()) {
                throw new NoSuchPositionException(environment, at.sequence(), sequence());
            }
            return whole(at.sequence());
        }
        return cut instanceof Cut.AtTime at ? whole(last(time -> !time.isAfter(at.time()))) : sequence();
    }

    private long whole(long sequence) {
        if (sequence == 0 || sequence == sequence()) {
            return sequence;
        }
        Batch batch = event(sequence).event().batch();
        return batch.remaining() == 0 ? sequence : sequence - batch.index() - 1;
    }

    /** All flags at a position that does not lie within a batch. */
    EnvironmentState state(long sequence) {
        FlagMap<FlagState> flags = FlagMap.empty();
        for (String key : flags(sequence)) {
            flags = with(flags, flag(key, sequence));
        }
        return state(sequence, flags);
    }

    /** A flag and all its ancestors, at a position that does not lie within a batch. */
    EnvironmentState lineage(String flag, long sequence) {
        return state(sequence, withAncestors(FlagMap.empty(), flag, sequence));
    }

    /** These flags, and a flag and its ancestors as far as they are not among them, as they are at the position. */
    FlagMap<FlagState> withAncestors(FlagMap<FlagState> known, String flag, long sequence) {
        FlagMap<FlagState> flags = known;
        Deque<String> open = new ArrayDeque<>(List.of(flag));
        while (!open.isEmpty()) {
            String key = open.pop();
            FlagState found = flags.contains(key) ? null : flag(key, sequence);
            if (found != null) {
                flags = flags.with(key, found);
                found.parents().stream().map(Parent::flag).forEach(open::push);
            }
        }
        return flags;
    }

    private EnvironmentState state(long sequence, FlagMap<FlagState> flags) {
        if (sequence == 0) {
            return EnvironmentState.empty(environment);
        }
        Recorded last = event(sequence);
        return new EnvironmentState(environment, sequence, last.digest(), last.appendedAt(), 0, flags);
    }

    private static FlagMap<FlagState> with(FlagMap<FlagState> flags, @Nullable FlagState flag) {
        return flag == null ? flags : flags.with(flag.key(), flag);
    }

    /** The keys of all flags that there were, in the order of their creation. */
    List<String> flags(long sequence) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> created = store.range(
                StoreKeys.entry(Tag.KIND, environment, CREATED, 0),
                StoreKeys.entry(Tag.KIND, environment, CREATED, sequence))) {
            created.forEachRemaining(entry -> keys.add(IndexEntry.createdFlag(entry.value)));
        }
        return keys;
    }

    /** A flag after an event; null if it was not there. */
    @Nullable
    FlagState flag(String key, long sequence) {
        return chain(key, sequence).fold();
    }

    Chain chain(String key, long sequence) {
        List<byte[]> since = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> entries = store.reverseRange(
                StoreKeys.entry(Tag.FLAG, environment, key, 0),
                StoreKeys.entry(Tag.FLAG, environment, key, sequence))) {
            while (entries.hasNext()) {
                var entry = entries.next();
                if (IndexEntry.isCopy(entry.value)) {
                    return chain(((StateEntry.Flag) StateCodec.decode(entry.value)).state(), since);
                }
                since.add(stored(StoreKeys.sequenceOf(entry.key)));
            }
        }
        return chain(null, since);
    }

    private static Chain chain(@Nullable FlagState copy, List<byte[]> newestFirst) {
        Collections.reverse(newestFirst);
        return new Chain(copy, newestFirst);
    }

    /** The sequences of the events with a tag, up to a bound. To be closed. */
    Sequences sequences(Tag tag, String value, Order order, long bound) {
        return new Sequences(store, tag, environment, value, order, bound);
    }

    /** How much happened from a day to another, that one left out; nothing if the counts were overtaken while being read. */
    Optional<Activity> activity(LocalDate from, LocalDate until) {
        List<Activity.Count> counts = new ArrayList<>();
        if (head == null || !from.isBefore(until)) {
            return Optional.of(new Activity(environment, counts, sequence()));
        }
        try (KeyValueIterator<Bytes, byte[]> stored =
                store.range(StoreKeys.firstCount(environment, from), StoreKeys.firstCount(environment, until))) {
            while (stored.hasNext()) {
                var next = stored.next();
                var changes = DayCount.read(next.value).at(sequence());
                if (changes.isEmpty()) {
                    return Optional.empty();
                }
                if (changes.getAsLong() > 0) {
                    counts.add(StoreKeys.count(environment, next.key, changes.getAsLong()));
                }
            }
        }
        return Optional.of(new Activity(environment, counts, sequence()));
    }
}
