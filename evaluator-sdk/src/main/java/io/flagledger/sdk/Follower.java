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
     * Whether Kafka is still there shows in the fetches that it answers: one that finds nothing is answered all the same,
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
    private @Nullable String frozen;
    private Duration pause = FIRST_PAUSE;

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
        try {
            while (!closed) {
                try {
                    follow(find());
                } catch (WakeupException | InterruptException e) {
                    // Only close() wakes this thread; the loop's condition sees to the rest.
                    log.debug("following {} ends", config.environment());
                } catch (RuntimeException e) {
                    tryAgainLater(e);
                }
            }
        } finally {
            if (!closed) {
                problem = "the thread that follows has died; the log tells why";
            }
            views.stale(true);
        }
    }

    private void tryAgainLater(RuntimeException e) {
        problem = String.valueOf(e.getMessage());
        views.stale(true);
        log.warn(
                "following {} at {} is tried again in {} ms: {}",
                config.environment(),
                config.connection(),
                pause.toMillis(),
                e.toString());
        try {
            views.await(() -> closed, pause);
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
        return id;
    }

    private void follow(LedgerId id) {
        KafkaConsumer<byte[], byte[]> kafka = config.connection().consumer(CALL_TIMEOUT);
        consumer = kafka;
        try {
            Pulse pulse = new Pulse(kafka);
            StateImage image = new StateImage(config.environment(), id.events());
            frozen = null;
            catchUpWithState(kafka, image, pulse);
            catchUpWithEvents(kafka, image);
            if (!closed) {
                ready = true;
                pause = FIRST_PAUSE;
                tell(pulse);
                views.signal();
            }
            while (!closed) {
                step(kafka, image);
                show();
                tell(pulse);
            }
        } finally {
            consumer = null;
            kafka.close(CloseOptions.timeout(Duration.ZERO)); // it is in no group, so there is nobody to take leave of
        }
    }

    /** Says what is the matter, if anything is. */
    private void tell(Pulse pulse) {
        if (pulse.isFelt()) {
            lastWord = System.nanoTime();
        }
        boolean silent = System.nanoTime() - lastWord > config.staleAfter().toNanos();
        problem = silent ? "Kafka at %s is silent".formatted(config.connection()) : frozen;
        views.stale(silent || frozen != null);
    }

    private void catchUpWithState(KafkaConsumer<byte[], byte[]> kafka, StateImage image, Pulse pulse) {
        kafka.assign(List.of(state));
        kafka.seekToBeginning(List.of(state));
        while (!closed
                && kafka.position(state) < kafka.endOffsets(List.of(state)).getOrDefault(state, 0L)) {
            poll(kafka, image);
        }
        Head head = image.head();
        if (image.newerThan(known) != null && !takeOver(image)) {
            log.info("the state topic is incomplete for {}; its events are read from the start", config.environment());
        }
        kafka.assign(List.of(events, state));
        kafka.seek(events, head != null && head.sequence() <= known.sequence() ? head.eventOffset() + 1 : 0);
        image.clear();
        tell(pulse);
    }

    private void catchUpWithEvents(KafkaConsumer<byte[], byte[]> kafka, StateImage image) {
        long end = kafka.endOffsets(List.of(events)).getOrDefault(events, 0L);
        while (!closed && kafka.position(events) < end) {
            step(kafka, image);
        }
        show();
    }

    /** Takes in what has come, and the state if the events are of no more use. */
    private void step(KafkaConsumer<byte[], byte[]> kafka, StateImage image) {
        poll(kafka, image);
        Head head = image.newerThan(known);
        if (head == null) {
            image.clear();
        } else if (frozen != null && kafka.currentLag(state).orElse(1) == 0 && takeOver(image)) {
            kafka.seek(events, head.eventOffset() + 1);
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
            image.take(StateCodec.decode(kafkaRecord.value()));
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
            Recorded recorded = EventCodec.decode(kafkaRecord.value(), Instant.ofEpochMilli(kafkaRecord.timestamp()));
            known = Fold.apply(known, recorded);
            changed.add(recorded.event().flag());
        } catch (UndecodableException | FoldException e) {
            frozen = e.getMessage();
            log.warn(
                    "events of {} are not taken any more until the state topic is past offset {}: {}",
                    config.environment(),
                    kafkaRecord.offset(),
                    e.getMessage());
        }
    }

    private boolean isOurs(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        return EventCodec.environmentOf(kafkaRecord.key()).equals(config.environment());
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
        if (known.isWhole() && known.sequence() != views.current().state().sequence()) {
            views.publish(known, Set.copyOf(changed));
            changed.clear();
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
        if (Thread.currentThread() == thread) {
            return; // a listener closes it; the loop ends when the listener returns
        }
        try {
            thread.join(CALL_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
