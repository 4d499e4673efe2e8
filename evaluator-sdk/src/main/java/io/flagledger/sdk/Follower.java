package io.flagledger.sdk;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.UndecodableException;
import io.flagledger.core.codec.WireSchema;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.fold.FoldException;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.TopicFormat;
import io.flagledger.core.kafka.TopicSetup;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that keeps the views of one environment current. */
final class Follower implements AutoCloseable {
    /*
     * Start: the state topic is read to its end, which is a consistent cut at its last head, and the events from there
     * on. Then both are followed, and whichever is further wins.
     *
     * Whoever knows a position already, from a snapshot or from before Kafka was lost, reads the events behind it instead,
     * unless they are more than the state topic has records. The fold proves that they continue what is known. Where it
     * finds otherwise before it has taken a single event, the snapshot is refused, and all is read anew.
     *
     * Events are the fast path: one hop from the writer's commit. They are folded here, by the same fold as everywhere,
     * which notices a gap, a wrong predecessor or an event that this version cannot read. Then the fast path of this
     * environment is frozen, and the state topic brings it on: its flags are whole definitions that a projector, perhaps
     * of a newer version, has folded. The state is taken over only at the end of its topic, once all of the topic has been
     * read (see StateImage), after which the events are read on behind the head's offset. A projector that fills the topic
     * anew from an older point sends older heads, which are of no use and of no harm, until it is past what is known.
     *
     * With no projector alive the state topic stays behind and is of no use, and of no harm.
     *
     * Whether Kafka is still there shows in the fetches that it answers (see Pulse), without a call of our own. Answers
     * are current as long as those of the events' own leader come; the state topic's leader matters only to a repair.
     */
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.evaluator");
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final long NOWHERE = -1;

    private final FlagLedgerConfig config;
    private final Views views;
    private final Health health;
    private final TopicPartition events;
    private final TopicPartition state;
    private final TopicFormat eventFormat;
    private final TopicFormat stateFormat;
    private final Thread thread;

    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private volatile @Nullable Snapshot position;

    private volatile Snapshots.@Nullable Loaded unproven;
    private volatile @Nullable LedgerId ledger;
    private EnvironmentState known;
    private long offset = NOWHERE;
    private final Set<String> changed = new HashSet<>();
    private @Nullable String frozen;
    private boolean readsState;
    private boolean doubtful;
    private Duration pause = FIRST_PAUSE;

    /** @param start what to answer from until Kafka is caught up with; null if there is nothing */
    Follower(FlagLedgerConfig config, Views views, Health health, Snapshots.@Nullable Loaded start) {
        this.config = config;
        this.views = views;
        this.health = health;
        this.known = EnvironmentState.empty(config.environment());
        int number = config.topics().partitionOf(config.environment());
        this.events = new TopicPartition(config.topics().events(), number);
        this.state = new TopicPartition(config.topics().state(), number);
        this.eventFormat = config.connection().format(events.topic(), WireSchema.EVENT);
        this.stateFormat = config.connection().format(state.topic(), WireSchema.STATE);
        this.thread = new Thread(this::run, "flag-ledger-" + config.environment());
        thread.setDaemon(true);
        if (start != null) {
            unproven = start;
            known = start.snapshot().state();
            offset = start.snapshot().eventOffset();
            views.replace(known);
            health.answeringFrom(start.snapshot(), start.where());
        }
    }

    void start() {
        thread.start();
    }

    /** The ledger that answers are of, as Kafka or else the snapshot says; null while neither is known. */
    @Nullable
    String ledgerId() {
        LedgerId id = ledger;
        Snapshots.Loaded loaded = unproven;
        return id != null ? id.events() : loaded != null ? loaded.snapshot().ledgerId() : null;
    }

    /** What is known from Kafka, whole batches only; null before it was caught up with. */
    @Nullable
    Snapshot position() {
        return position;
    }

    private void run() {
        try {
            while (!health.isClosed()) {
                try {
                    follow(find());
                } catch (WakeupException | InterruptException e) {
                    log.debug("following {} ends", config.environment());
                } catch (RuntimeException e) {
                    tryAgainLater(e);
                }
            }
        } finally {
            health.trouble("the thread that follows has ended; the log tells why");
            views.judge(health);
        }
    }

    private void tryAgainLater(RuntimeException e) {
        health.trouble(String.valueOf(e.getMessage()));
        views.judge(health);
        log.warn(
                "following {} at {} is tried again in {} ms: {}",
                config.environment(),
                config.connection(),
                pause.toMillis(),
                e.toString());
        try {
            views.await(health::isClosed, pause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }

    private LedgerId find() {
        Optional<LedgerId> found = TopicSetup.find(config.connection(), config.topics(), CALL_TIMEOUT);
        LedgerId id = found.orElseThrow(() ->
                new IllegalStateException("the topics %s and %s do not exist; a writer or `ledger up` creates them"
                        .formatted(events.topic(), state.topic())));
        LedgerId before = ledger;
        if (before != null && !before.events().equals(id.events())) {
            throw new IllegalStateException(
                    "topic %s is another ledger than before: it was deleted and created again, so its events are not taken; restart to follow it"
                            .formatted(events.topic()));
        }
        ledger = id;
        Snapshots.Loaded loaded = unproven;
        if (loaded != null && !loaded.snapshot().ledgerId().equals(id.events())) {
            refuseSnapshot("it is of another ledger: of topic id %s, while %s has %s"
                    .formatted(loaded.snapshot().ledgerId(), events.topic(), id.events()));
        }
        return id;
    }

    private void refuseSnapshot(String why) {
        Snapshots.Loaded refused = unproven;
        if (refused != null) {
            String refusal = "the snapshot %s is refused: %s".formatted(refused.where(), why);
            log.warn("{}; the flags of {} are unknown until the ledger is read", refusal, config.environment());
            unproven = null;
            known = EnvironmentState.empty(config.environment());
            offset = NOWHERE;
            changed.clear();
            health.answeringFromNothing();
            health.remark(refusal);
            views.replace(known);
            views.judge(health);
        }
    }

    private void follow(LedgerId id) {
        KafkaConsumer<byte[], byte[]> kafka = config.connection().consumer(CALL_TIMEOUT);
        consumer = kafka;
        try {
            Watched watched = new Watched(kafka);
            StateImage image = new StateImage(config.environment(), id.events());
            frozen = null;
            readsState = false;
            doubtful = false;
            if (isCloseBehind(kafka)) {
                kafka.assign(List.of(events));
                kafka.seek(events, offset + 1);
            } else {
                catchUpWithState(kafka, image);
            }
            catchUpWithEvents(kafka, image);
            if (!health.isClosed()) {
                unproven = null;
                pause = FIRST_PAUSE;
                watched.caughtUp();
                keep();
            }
            while (!health.isClosed()) {
                step(kafka, image);
                show();
                watched.tell();
            }
        } finally {
            consumer = null;
            kafka.close(CloseOptions.timeout(Duration.ZERO)); // it is in no group, so there is nobody to take leave of
        }
    }

    /** Whether the events behind what is known are fewer than the records of the state topic may be. */
    private boolean isCloseBehind(KafkaConsumer<byte[], byte[]> kafka) {
        if (offset == NOWHERE) {
            return false;
        }
        Map<TopicPartition, Long> ends = kafka.endOffsets(List.of(events, state));
        long missed = ends.getOrDefault(events, 0L) - (offset + 1);
        if (missed < 0) {
            String lost = "event %d of %s was at offset %d of %s, which now ends before: records were lost"
                    .formatted(known.sequence(), config.environment(), offset, events);
            refuseSnapshot(lost);
            throw new IllegalStateException(lost);
        }
        return missed <= ends.getOrDefault(state, 0L);
    }

    private void catchUpWithState(KafkaConsumer<byte[], byte[]> kafka, StateImage image) {
        kafka.assign(List.of(state));
        kafka.seekToBeginning(List.of(state));
        readsState = true;
        while (!health.isClosed()
                && kafka.position(state) < kafka.endOffsets(List.of(state)).getOrDefault(state, 0L)) {
            poll(kafka, image);
        }
        if (image.newerThan(known) != null && !takeOver(image)) {
            log.info("the state topic is incomplete for {}; its events are read instead", config.environment());
        }
        kafka.assign(List.of(events, state));
        kafka.seek(events, offset + 1);
        image.clear();
    }

    private void catchUpWithEvents(KafkaConsumer<byte[], byte[]> kafka, StateImage image) {
        long end = kafka.endOffsets(List.of(events)).getOrDefault(events, 0L);
        while (!health.isClosed() && kafka.position(events) < end) {
            step(kafka, image);
        }
        show();
    }

    /** Takes in what has come, and the state if the events are of no more use. */
    private void step(KafkaConsumer<byte[], byte[]> kafka, StateImage image) {
        poll(kafka, image);
        if (doubtful) {
            doubtful = false;
            find(); // events that do not follow from what is known may be those of another ledger, which ends all this
        }
        if (frozen != null && !readsState) {
            kafka.assign(List.of(events, state));
            kafka.seekToBeginning(List.of(state));
            readsState = true;
            return;
        }
        Head head = image.newerThan(known);
        if (head == null) {
            image.clear();
        } else if (frozen != null && kafka.currentLag(state).orElse(1) == 0 && takeOver(image)) {
            kafka.seek(events, offset + 1);
            image.clear();
            frozen = null;
            log.info("{} goes on at {} from the state topic", config.environment(), known.sequence());
        }
    }

    private void poll(KafkaConsumer<byte[], byte[]> kafka, StateImage image) {
        for (ConsumerRecord<byte[], byte[]> kafkaRecord : kafka.poll(POLL)) {
            if (kafkaRecord.topic().equals(events.topic())) {
                takeEvent(kafkaRecord);
            } else {
                takeState(kafkaRecord, image);
            }
        }
    }

    private void takeState(ConsumerRecord<byte[], byte[]> kafkaRecord, StateImage image) {
        if (!isOurs(kafkaRecord)) {
            return;
        }
        try {
            image.take(StateCodec.decode(stateFormat.read(kafkaRecord.value())));
        } catch (UndecodableException e) {
            image.miss();
            log.warn("the state topic is of no use for {}: {}", config.environment(), e.getMessage());
        }
    }

    private void takeEvent(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        // What is known needs no reading again, be it a mirrored duplicate or one that this version can't read.
        if (frozen != null || !isOurs(kafkaRecord) || EventCodec.sequenceOf(kafkaRecord.key()) <= known.sequence()) {
            return;
        }
        try {
            Recorded recorded = EventCodec.decode(
                    eventFormat.read(kafkaRecord.value()), Instant.ofEpochMilli(kafkaRecord.timestamp()));
            known = Fold.apply(known, recorded);
            offset = kafkaRecord.offset();
            changed.add(recorded.event().flag());
            unproven = null;
        } catch (UndecodableException e) {
            freeze(kafkaRecord, e);
        } catch (FoldException e) {
            if (unproven != null) {
                refuseSnapshot("the ledger does not continue it: " + e.getMessage());
                throw e; // and all is read anew
            }
            doubtful = true;
            freeze(kafkaRecord, e);
        }
    }

    private void freeze(ConsumerRecord<byte[], byte[]> kafkaRecord, RuntimeException why) {
        frozen = String.valueOf(why.getMessage());
        log.warn(
                "events of {} are not taken any more until the state topic is past offset {}: {}",
                config.environment(),
                kafkaRecord.offset(),
                why.getMessage());
    }

    private boolean isOurs(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        return EventCodec.environmentOf(kafkaRecord.key()).equals(config.environment());
    }

    private boolean takeOver(StateImage image) {
        Head head = image.newerThan(known);
        EnvironmentState newer = image.over(known);
        if (head == null || newer == null) {
            return false;
        }
        changed.addAll(image.flags().keySet());
        known = newer;
        offset = head.eventOffset();
        return true;
    }

    private void show() {
        if (known.isWhole() && known.sequence() != views.known().state().sequence()) {
            views.publish(known, Set.copyOf(changed));
            changed.clear();
            keep();
        }
    }

    private void keep() {
        LedgerId id = ledger;
        if (id != null && known.isWhole()) {
            position = new Snapshot(id.events(), known, offset, Instant.EPOCH);
            views.signal();
        }
    }

    @Override
    public void close() {
        health.closed();
        views.judge(health);
        views.signal();
        KafkaConsumer<byte[], byte[]> kafka = consumer;
        if (kafka != null) {
            kafka.wakeup();
        } else {
            thread.interrupt(); // it looks for the topics, or waits to look again
        }
        try {
            thread.join(CALL_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the partitions' brokers let see of themselves. */
    private final class Watched {
        private final KafkaConsumer<byte[], byte[]> kafka;
        private final Pulse ofEvents;
        private final Pulse ofState;
        private long lastOfState = System.nanoTime();
        private long looked = System.nanoTime();

        Watched(KafkaConsumer<byte[], byte[]> kafka) {
            this.kafka = kafka;
            this.ofEvents = new Pulse(kafka, events);
            this.ofState = new Pulse(kafka, state);
        }

        void caughtUp() {
            health.heard(System.nanoTime()); // first, or the answers were ready and stale for a moment
            tell();
        }

        /** Says what is the matter, if anything is. An answer may have come right after the last look, so then it came. */
        void tell() {
            long now = System.nanoTime();
            health.following(frozen);
            if (ofEvents.isFelt()) {
                health.heard(looked);
            }
            if (!readsState || ofState.isFelt()) {
                lastOfState = looked;
            }
            looked = now;
            health.repair(
                    now - lastOfState > config.staleAfter().toNanos()
                            ? "nothing is heard of the state topic, which would repair what events can't"
                            : null);
            health.lag(kafka.currentLag(events).orElse(-1));
            views.judge(health);
        }
    }
}
