package io.flagledger.projector;

import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagMap;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.projector.StoreKeys.Tag;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** One environment as it is folded and written to the store. For one thread. */
final class Projection {
    /*
     * An event goes into the store when it comes; the index, the counts and the head only when its batch is whole, and the
     * head last. So what lies at or below a head is complete. After a restart in the middle of a batch the state at the
     * head is read back, and the events stored behind it are folded again: they are the first part of that batch.
     */
    private final KeyValueStore<Bytes, byte[]> store;
    private final String environment;
    private final Map<Class<?>, String> kinds = new HashMap<>();
    private final Map<String, Growth> growths = new HashMap<>();
    private final List<Recorded> batch = new ArrayList<>();
    private EnvironmentState state;

    private Projection(KeyValueStore<Bytes, byte[]> store, String environment) {
        this.store = store;
        this.environment = environment;
        this.state = EnvironmentState.empty(environment);
    }

    /** The environment as the store has it. */
    static Projection load(KeyValueStore<Bytes, byte[]> store, String environment) {
        Projection projection = new Projection(store, environment);
        Archive archive = new Archive(store, environment);
        archive.head().ifPresent(head -> projection.load(archive, head));
        long head = archive.sequence();
        try (KeyValueIterator<Bytes, byte[]> behind =
                store.range(StoreKeys.event(environment, head + 1), StoreKeys.event(environment, Long.MAX_VALUE))) {
            behind.forEachRemaining(event -> projection.fold(StoredEvent.read(event.value), event.value.length));
        }
        return projection;
    }

    private void load(Archive archive, Head head) {
        FlagMap<FlagState> flags = FlagMap.empty();
        for (String key : archive.flags(head.sequence())) {
            Chain chain = archive.chain(key, head.sequence());
            FlagState flag = chain.fold();
            if (flag != null) {
                flags = flags.with(key, flag);
                growths.put(key, new Growth(chain.since().size(), chain.bytes()));
            }
        }
        state = new EnvironmentState(environment, head.sequence(), head.digest(), head.ledgerTime(), 0, flags);
    }

    EnvironmentState state() {
        return state;
    }

    /**
     * Takes the next event.
     *
     * @param value the record's value, as it lies in Kafka
     * @throws io.flagledger.core.fold.FoldException if it cannot follow; then nothing is written
     */
    void take(Recorded recorded, byte[] value) {
        fold(recorded, Long.BYTES + value.length);
        store.put(StoreKeys.event(environment, state.sequence()), StoredEvent.write(state.ledgerTime(), value));
    }

    private void fold(Recorded recorded, int bytes) {
        state = Fold.apply(state, recorded);
        batch.add(recorded.at(state.ledgerTime()));
        growths.computeIfAbsent(recorded.event().flag(), flag -> new Growth(0, 0))
                .add(bytes);
    }

    /** Writes all that a whole batch comes to but the head, and returns the flags that it changed, as the state topic has them. */
    List<Outgoing> settle() {
        Map<String, FlagState> changed = new TreeMap<>();
        Map<Bytes, Integer> counts = new HashMap<>();
        for (Recorded recorded : batch) {
            index(recorded);
            counts.merge(count(recorded), 1, Integer::sum);
            FlagState flag = state.flags().get(recorded.event().flag());
            if (flag != null) {
                changed.put(flag.key(), flag);
            }
        }
        counts.forEach((key, more) -> store.put(
                key, DayCount.read(store.get(key)).plus(more, state.sequence()).write()));
        batch.clear();
        return changed.values().stream().map(this::outgoing).toList();
    }

    private void index(Recorded recorded) {
        Event event = recorded.event();
        put(Tag.FLAG, event.flag(), event, IndexEntry.NOTHING);
        put(Tag.ACTOR, event.actor().id(), event, IndexEntry.NOTHING);
        String doneFor = event.actor().onBehalfOf();
        if (doneFor != null) {
            put(Tag.ACTOR, doneFor, event, IndexEntry.NOTHING);
        }
        put(Tag.KIND, kind(event), event, IndexEntry.ofKind(event.change()));
    }

    private void put(Tag tag, String value, Event event, byte[] beside) {
        store.put(StoreKeys.entry(tag, environment, value, event.sequence()), beside);
    }

    /** The flag encoded, of which a copy is put beside its last entry if one is due. */
    private Outgoing outgoing(FlagState flag) {
        Outgoing encoded = Outgoing.of(new StateEntry.Flag(environment, flag));
        Growth growth = growths.getOrDefault(flag.key(), new Growth(0, 0));
        if (Chain.copyIsDue(growth.events, growth.bytes, encoded.value().length)) {
            store.put(
                    StoreKeys.entry(
                            Tag.FLAG, environment, flag.key(), flag.lastChange().sequence()),
                    encoded.value());
            growths.remove(flag.key());
        }
        return encoded;
    }

    private Bytes count(Recorded recorded) {
        Event event = recorded.event();
        LocalDate day = LocalDate.ofInstant(recorded.appendedAt(), ZoneOffset.UTC);
        return StoreKeys.count(environment, day, event.actor().id(), kind(event));
    }

    private String kind(Event event) {
        return kinds.computeIfAbsent(event.change().getClass(), type -> LedgerJson.kind(event.change()));
    }

    /** What has come of a flag since its last whole copy. */
    private static final class Growth {
        private int events;
        private long bytes;

        Growth(int events, long bytes) {
            this.events = events;
            this.bytes = bytes;
        }

        void add(int eventBytes) {
            events++;
            bytes += eventBytes;
        }
    }
}
