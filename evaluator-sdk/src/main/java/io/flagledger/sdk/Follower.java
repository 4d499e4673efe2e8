package io.flagledger.sdk;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.UndecodableException;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.fold.FoldException;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.TopicSetup;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
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
     * Events are the fast path: one hop from the writer's commit. They are folded here, by the same fold as everywhere,
     * which notices a gap, a wrong predecessor or an event that this version cannot read. Then the fast path of this
     * environment is frozen, and the state topic brings it on: its flags are whole definitions that a projector, perhaps
     * of a newer version, has folded. The state is taken over only at the end of its topic (see StateImage), after which
     * the events are read on behind the head's offset.
     *
     * With no projector alive the state topic stays behind and is of no use, and of no harm.
     *
     * Whether Kafka is still there shows in the bytes that come in: a fetch that finds nothing is answered all the same,
     * after fetch.max.wait.ms. So silence is noticed without a call of our own.
     */
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.evaluator");
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final FlagLedgerConfig config;
    private final Views views;
    private final TopicPartition events;
    private final TopicPartition state;
    private final Thread thread;

    private volatile boolean closed;
    private volatile boolean ready;
    private volatile @Nullable String problem;
    private volatile long lastWord = System.nanoTime();
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;

    private @Nullable LedgerId ledger;
    private EnvironmentState known;
    private final Set<String> changed = new HashSet<>();
    private boolean frozen;

    Follower(FlagLedgerConfig config, Views views) {
        this.config = config;
        this.views = views;
        this.known = EnvironmentState.empty(config.environment());
        int number = config.topics().partitionOf(config.environment());
        this.events = new TopicPartition(config.topics().events(), number);
        this.state = new TopicPartition(config.topics().state(), number);
        this.thread = new Thread(this::run, "flag-ledger-" + config.environment());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    boolean isReady() {
        return ready;
    }

    Status status() {
        EnvironmentState current = views.current().state();
        Status.State now = closed
                ? Status.State.CLOSED
                : !ready ? Status.State.STARTING : views.isStale() ? Status.State.STALE : Status.State.READY;
        return new Status(
                now, current.sequence(), current.ledgerTime(), Duration.ofNanos(System.nanoTime() - lastWord), problem);
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!closed) {
            try {
                follow(find());
            } catch (WakeupException | InterruptException e) {
                // Only close() wakes this thread; the loop's condition sees to the rest.
                log.debug("following {} ends", config.environment());
            } catch (RuntimeException e) {
                problem = String.valueOf(e.getMessage());
                views.stale(true);
                log.warn(
                        "following {} at {} is tried again in {} ms: {}",
                        config.environment(),
                        config.connection(),
                        pause.toMillis(),
                        e.toString());
                pause(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
        views.stale(true);
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
        return id;
    }

    private void follow(LedgerId id) {
        KafkaConsumer<byte[], byte[]> kafka = config.connection().consumer(CALL_TIMEOUT);
        consumer = kafka;
        try {
            Pulse pulse = new Pulse(kafka);
            StateImage image = new StateImage(config.environment(), id.events());
            frozen = false;
            catchUpWithState(kafka, image, pulse);
            catchUpWithEvents(kafka, image, pulse);
            ready = true;
            problem = frozen ? problem : null;
            views.stale(frozen);
            while (!closed) {
                step(kafka, image, pulse);
                show();
                boolean silent =
                        System.nanoTime() - lastWord > config.staleAfter().toNanos();
                problem = silent ? "Kafka at %s is silent".formatted(config.connection()) : frozen ? problem : null;
                views.stale(silent || frozen);
            }
        } finally {
            consumer = null;
            kafka.close(CloseOptions.timeout(Duration.ZERO)); // it is in no group, so there is nobody to take leave of
        }
    }

    private void catchUpWithState(KafkaConsumer<byte[], byte[]> kafka, StateImage image, Pulse pulse) {
        kafka.assign(List.of(state));
        kafka.seekToBeginning(List.of(state));
        long end = kafka.endOffsets(List.of(state)).getOrDefault(state, 0L);
        while (!closed && kafka.position(state) < end) {
            poll(kafka, pulse, image);
        }
        Head head = image.newerThan(known);
        if (head != null && !takeOver(image)) {
            log.info("the state topic is incomplete for {}; its events are read from the start", config.environment());
        }
        kafka.assign(List.of(events, state));
        kafka.seek(events, head != null && known.sequence() == head.sequence() ? head.eventOffset() + 1 : 0);
        image.clear();
    }

    private void catchUpWithEvents(KafkaConsumer<byte[], byte[]> kafka, StateImage image, Pulse pulse) {
        long end = kafka.endOffsets(List.of(events)).getOrDefault(events, 0L);
        while (!closed && kafka.position(events) < end) {
            step(kafka, image, pulse);
        }
        show();
    }

    /** Takes in what is there, and the state if the events are of no more use. */
    private void step(KafkaConsumer<byte[], byte[]> kafka, StateImage image, Pulse pulse) {
        poll(kafka, pulse, image);
        Head head = image.newerThan(known);
        if (head == null) {
            image.clear();
        } else if (frozen && kafka.currentLag(state).orElse(1) == 0 && takeOver(image)) {
            kafka.seek(events, head.eventOffset() + 1);
            image.clear();
            frozen = false;
            log.info("{} goes on at {} from the state topic", config.environment(), known.sequence());
        }
    }

    private void poll(KafkaConsumer<byte[], byte[]> kafka, Pulse pulse, StateImage image) {
        for (ConsumerRecord<byte[], byte[]> kafkaRecord : kafka.poll(POLL)) {
            if (kafkaRecord.topic().equals(events.topic())) {
                takeEvent(kafkaRecord);
            } else {
                takeState(kafkaRecord, image);
            }
        }
        if (pulse.isFelt()) {
            lastWord = System.nanoTime();
        }
    }

    private void takeState(ConsumerRecord<byte[], byte[]> kafkaRecord, StateImage image) {
        try {
            image.take(StateCodec.decode(kafkaRecord.value()));
        } catch (UndecodableException e) {
            log.warn("a state record of {} is left out: {}", config.environment(), e.getMessage());
        }
    }

    private void takeEvent(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        if (frozen || !EventCodec.environmentOf(kafkaRecord.key()).equals(config.environment())) {
            return;
        }
        try {
            Recorded recorded = EventCodec.decode(kafkaRecord.value(), Instant.ofEpochMilli(kafkaRecord.timestamp()));
            if (recorded.event().sequence() > known.sequence()) {
                known = Fold.apply(known, recorded);
                changed.add(recorded.event().flag());
            }
        } catch (UndecodableException | FoldException e) {
            frozen = true;
            problem = e.getMessage();
            log.warn(
                    "events of {} are not taken any more until the state topic is past offset {}: {}",
                    config.environment(),
                    kafkaRecord.offset(),
                    e.getMessage());
        }
    }

    private boolean takeOver(StateImage image) {
        EnvironmentState newer = image.over(known);
        if (newer == null) {
            return false;
        }
        changed.addAll(image.flags().keySet());
        known = newer;
        return true;
    }

    private void show() {
        if (known.isWhole() && !changed.isEmpty()) {
            views.publish(known, Set.copyOf(changed));
            changed.clear();
        }
    }

    private void pause(Duration pause) {
        try {
            views.await(() -> closed, pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
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
}
