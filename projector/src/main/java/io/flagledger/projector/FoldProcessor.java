package io.flagledger.projector;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.codec.UndecodableException;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FoldException;
import io.flagledger.core.kafka.TopicFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folds the events of one partition into the store and the state topic. */
final class FoldProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    /*
     * Flags and their head go to the state topic when a batch is whole, and all within one call: one call is never split
     * between two transactions, so whoever reads the state topic sees a batch at once or not at all.
     *
     * What is folded is kept in memory between events; it is a copy of what the store says, and is dropped whenever the
     * task is opened anew. A poisoned record stops its environment, of which nothing is folded from then on.
     *
     * A commit is asked for only after an event so young that somebody may be waiting for it. Asked for after every event,
     * it would cost a replay some milliseconds an event; a replay is committed when the interval says so.
     */
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.projector");
    private static final long YOUNG_MILLIS = 1_000;
    private static final Duration SOON = Duration.ofMillis(200);

    private final String ledgerId;
    private final TopicFormat format;
    private final PublishedHeads publishedHeads;
    private final Watchers watchers;
    private final Map<String, Projection> projections = new HashMap<>();
    private final Map<String, String> stopped = new HashMap<>();
    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<Bytes, byte[]> store;
    private Publication publication;

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else
    FoldProcessor(String ledgerId, TopicFormat format, PublishedHeads publishedHeads, Watchers watchers) {
        this.ledgerId = ledgerId;
        this.format = format;
        this.publishedHeads = publishedHeads;
        this.watchers = watchers;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> streams) {
        context = streams;
        store = streams.getStateStore(ProjectorTopology.LEDGER);
        forget();
        Map<String, Head> heads = heads();
        publication = new Publication(publishedHeads, context.taskId().partition(), heads);
        for (String environment : heads.keySet()) {
            watchers.folded(projection(environment).state());
        }
        if (heads.keySet().stream().anyMatch(publication::isToRepair)) {
            repairSoon(heads);
        }
    }

    private Map<String, Head> heads() {
        Map<String, Head> heads = new HashMap<>();
        try (KeyValueIterator<Bytes, byte[]> stored = store.range(StoreKeys.firstHead(), StoreKeys.lastHead())) {
            stored.forEachRemaining(head -> heads.put(StoreKeys.environmentOfHead(head.key), Archive.head(head.value)));
        }
        return heads;
    }

    /** Nothing may be sent while a task is opened; and an environment may have no more events to come. */
    private void repairSoon(Map<String, Head> heads) {
        List<Cancellable> self = new ArrayList<>();
        self.add(context.schedule(SOON, PunctuationType.WALL_CLOCK_TIME, now -> {
            self.forEach(Cancellable::cancel);
            heads.forEach((environment, before) -> {
                if (publication.isToRepair(environment)
                        && projection(environment).state().isWhole()) {
                    Archive.head(store, environment).ifPresent(head -> publish(List.of(), head));
                }
            });
        }));
    }

    @Override
    public void process(Record<byte[], byte[]> message) {
        fold(message);
        context.recordMetadata().ifPresent(place -> watchers.seen(place.partition(), place.offset()));
    }

    private void fold(Record<byte[], byte[]> message) {
        String environment = EventCodec.environmentOf(message.key());
        if (isStopped(environment)) {
            return;
        }
        Projection projection = projection(environment);
        if (EventCodec.sequenceOf(message.key()) <= projection.state().sequence()) {
            return; // a mirrored duplicate of what was folded
        }
        long offset = context.recordMetadata().map(RecordMetadata::offset).orElse(-1L);
        try {
            byte[] value = format.read(message.value());
            Recorded recorded = EventCodec.decode(value, Instant.ofEpochMilli(message.timestamp()));
            projection.take(recorded, value);
            if (projection.state().isWhole()) {
                settle(projection, offset);
            }
        } catch (UndecodableException | FoldException e) {
            stop(environment, offset, e);
        }
        if (context.currentSystemTimeMs() - message.timestamp() < YOUNG_MILLIS) {
            context.commit();
        }
    }

    private void settle(Projection projection, long offset) {
        List<Outgoing> changed = projection.settle();
        EnvironmentState state = projection.state();
        Head head = new Head(
                state.environment(),
                ledgerId,
                state.sequence(),
                state.digest(),
                state.ledgerTime(),
                offset,
                state.flags().size());
        watchers.folded(state); // before the head: who has seen the head must not be told of an earlier now
        store.put(StoreKeys.head(state.environment()), StateCodec.encode(head));
        publish(changed, head);
        watchers.told(head);
    }

    private void publish(List<Outgoing> changed, Head head) {
        List<Outgoing> flags = changed;
        switch (publication.next(head)) {
            case NOTHING -> {
                return;
            }
            case CHANGES -> {}
            case EVERYTHING -> {
                log.info("all flags of {} at {} are sent to the state topic", head.environment(), head.sequence());
                flags = projection(head.environment()).state().flags().sortedValues().stream()
                        .map(flag -> Outgoing.of(new StateEntry.Flag(head.environment(), flag)))
                        .toList();
            }
        }
        flags.forEach(flag -> forward(flag, head.ledgerTime()));
        forward(Outgoing.of(head), head.ledgerTime());
    }

    private void forward(Outgoing outgoing, Instant ledgerTime) {
        context.forward(new Record<>(StateCodec.key(outgoing.entry()), outgoing.value(), ledgerTime.toEpochMilli()));
    }

    private void stop(String environment, long offset, RuntimeException why) {
        String message = "%s stops at offset %d of %s: %s"
                .formatted(
                        environment,
                        offset,
                        context.recordMetadata().map(RecordMetadata::topic).orElse("?"),
                        why.getMessage());
        log.error("{}; other environments go on", message);
        store.put(StoreKeys.stopped(environment), message.getBytes(StandardCharsets.UTF_8));
        stopped.put(environment, message);
    }

    private boolean isStopped(String environment) {
        if (projections.containsKey(environment)) {
            return stopped.containsKey(environment);
        }
        Optional.ofNullable(store.get(StoreKeys.stopped(environment)))
                .ifPresent(why -> stopped.put(environment, new String(why, StandardCharsets.UTF_8)));
        return stopped.containsKey(environment);
    }

    private Projection projection(String environment) {
        return projections.computeIfAbsent(environment, name -> Projection.load(store, name));
    }

    private void forget() {
        projections.keySet().forEach(watchers::forgotten);
        projections.clear();
        stopped.clear();
    }

    @Override
    public void close() {
        forget();
    }
}
