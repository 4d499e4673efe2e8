package io.flagledger.projector;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.codec.UndecodableException;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagMap;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.fold.FoldException;
import io.flagledger.core.kafka.TopicFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folds the events of one partition into the stores and the state topic. */
final class FoldProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    /*
     * An event goes into the events store when it comes, but flags and the head are written, and sent to the state topic,
     * only when a batch is whole, and all within one call: one call is never split between two transactions, so whoever
     * reads the state topic sees a batch at once or not at all.
     *
     * A transaction may still end in the middle of a batch. After a restart the folded state is rebuilt from the flags at
     * the head and from the events stored behind it, which are then the first half of that batch.
     *
     * What is folded is kept in memory between events; it is a copy of what the stores say, and is dropped whenever the
     * task is opened anew.
     */
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.projector");

    private final String ledgerId;
    private final TopicFormat format;
    private final Consumer<Head> heads;
    private final Map<String, Projection> projections = new HashMap<>();
    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<Bytes, byte[]> flagStore;
    private KeyValueStore<Bytes, byte[]> headStore;
    private KeyValueStore<Bytes, byte[]> eventStore;
    private KeyValueStore<Bytes, byte[]> stoppedStore;

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else
    FoldProcessor(String ledgerId, TopicFormat format, Consumer<Head> heads) {
        this.ledgerId = ledgerId;
        this.format = format;
        this.heads = heads;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> streams) {
        context = streams;
        flagStore = streams.getStateStore(ProjectorTopology.FLAGS);
        headStore = streams.getStateStore(ProjectorTopology.HEADS);
        eventStore = streams.getStateStore(ProjectorTopology.EVENTS);
        stoppedStore = streams.getStateStore(ProjectorTopology.STOPPED);
        projections.clear();
    }

    @Override
    public void process(Record<byte[], byte[]> message) {
        String environment = EventCodec.environmentOf(message.key());
        if (stoppedStore.get(StoreKeys.environment(environment)) != null) {
            return;
        }
        Projection projection = projections.computeIfAbsent(environment, this::load);
        if (EventCodec.sequenceOf(message.key()) <= projection.state.sequence()) {
            return; // a mirrored duplicate of what was folded
        }
        long offset = context.recordMetadata().map(RecordMetadata::offset).orElse(-1L);
        try {
            byte[] value = format.read(message.value());
            Recorded recorded = EventCodec.decode(value, Instant.ofEpochMilli(message.timestamp()));
            projection.take(recorded);
            eventStore.put(
                    StoreKeys.event(environment, projection.state.sequence()),
                    StoredEvent.write(projection.state.ledgerTime(), value));
            if (projection.state.isWhole()) {
                show(projection, offset);
            }
        } catch (UndecodableException | FoldException e) {
            stop(environment, offset, e);
        }
        context.commit();
    }

    private void show(Projection projection, long offset) {
        EnvironmentState state = projection.state;
        for (String key : projection.changed) {
            FlagState flag = state.flags().get(key);
            if (flag != null) {
                StateEntry.Flag entry = new StateEntry.Flag(state.environment(), flag);
                flagStore.put(StoreKeys.flag(state.environment(), key), forward(entry, state.ledgerTime()));
            }
        }
        projection.changed.clear();
        Head head = new Head(
                state.environment(),
                ledgerId,
                state.sequence(),
                state.digest(),
                state.ledgerTime(),
                offset,
                state.flags().size());
        headStore.put(StoreKeys.environment(state.environment()), forward(head, state.ledgerTime()));
        heads.accept(head);
    }

    private byte[] forward(StateEntry entry, Instant ledgerTime) {
        byte[] value = StateCodec.encode(entry);
        context.forward(new Record<>(StateCodec.key(entry), value, ledgerTime.toEpochMilli()));
        return value;
    }

    private void stop(String environment, long offset, RuntimeException why) {
        String message = "%s stops at offset %d of %s: %s"
                .formatted(
                        environment,
                        offset,
                        context.recordMetadata().map(RecordMetadata::topic).orElse("?"),
                        why.getMessage());
        log.error("{}; other environments go on", message);
        stoppedStore.put(StoreKeys.environment(environment), message.getBytes(StandardCharsets.UTF_8));
    }

    private Projection load(String environment) {
        byte[] stored = headStore.get(StoreKeys.environment(environment));
        Projection projection = new Projection(
                stored == null ? EnvironmentState.empty(environment) : shown((Head) StateCodec.decode(stored)));
        try (KeyValueIterator<Bytes, byte[]> behind = eventStore.range(
                StoreKeys.event(environment, projection.state.sequence() + 1),
                StoreKeys.event(environment, Long.MAX_VALUE))) {
            behind.forEachRemaining(event -> projection.take(StoredEvent.read(event.value)));
        }
        return projection;
    }

    private EnvironmentState shown(Head head) {
        FlagMap<FlagState> flags = FlagMap.empty();
        try (KeyValueIterator<Bytes, byte[]> stored =
                flagStore.range(StoreKeys.firstFlag(head.environment()), StoreKeys.lastFlag(head.environment()))) {
            while (stored.hasNext()) {
                KeyValue<Bytes, byte[]> flag = stored.next();
                FlagState state = ((StateEntry.Flag) StateCodec.decode(flag.value)).state();
                flags = flags.with(state.key(), state);
            }
        }
        return new EnvironmentState(head.environment(), head.sequence(), head.digest(), head.ledgerTime(), 0, flags);
    }

    /** An environment as it is folded here, and which flags were changed since its head. */
    private static final class Projection {
        private final TreeSet<String> changed = new TreeSet<>();
        private EnvironmentState state;

        Projection(EnvironmentState state) {
            this.state = state;
        }

        void take(Recorded recorded) {
            state = Fold.apply(state, recorded);
            changed.add(recorded.event().flag());
        }
    }
}
