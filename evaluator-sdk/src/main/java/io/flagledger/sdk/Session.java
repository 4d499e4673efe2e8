package io.flagledger.sdk;

import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.UndecodableException;
import io.flagledger.core.codec.WireSchema;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.TopicFormat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One consumer's time with the ledger, from where it is caught up with until it can't be followed any more. For one thread. */
final class Session implements AutoCloseable {
    /*
     * Start: the state topic is read to its end, which is a consistent cut at its last head, and the events from there
     * on. Then both are followed, and whichever is further wins.
     *
     * Whoever knows a position already, from a snapshot or from before Kafka was lost, reads the events behind it instead,
     * unless they are more than the state topic has records. The fold proves that they continue what is known.
     *
     * With no projector alive the state topic stays behind and is of no use, and of no harm.
     *
     * Answers are current as of the last word of the events' own leader that was caught up with (see LedgerEnd), and never
     * before the first such word of this session; the state topic's leader matters only to a repair. What was read is
     * published before the word is passed on, so whoever sees "current" sees the events as well.
     */
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.evaluator");
    private static final long UNKNOWN = -1;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SHORT_POLL = Duration.ofMillis(10);

    /** For how long the first word is waited for, so that who starts is current at once: a commit's marker takes milliseconds. */
    private static final Duration FIRST_WORD = Duration.ofMillis(500);

    private static final Duration LONGEST_PACE = Duration.ofSeconds(1);
    private static final Duration SHORTEST_QUESTION = Duration.ofSeconds(1);
    private static final Duration LONGEST_QUESTION = Duration.ofSeconds(5);

    private final FlagLedgerConfig config;
    private final Knowledge knowledge;
    private final Health health;
    private final Runnable suspicion;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition events;
    private final TopicPartition state;
    private final TopicFormat stateFormat;
    private final StateImage image;
    private final LedgerEnd endOfEvents;
    private final LedgerEnd endOfState;
    private final long began = System.nanoTime();
    private boolean readsState;

    /**
     * @param callTimeout how long a call to Kafka may take
     * @param suspicion called when events come that may be of another ledger; throws if they are
     */
    Session(
            FlagLedgerConfig config,
            Admin admin,
            LedgerId ledger,
            Knowledge knowledge,
            Health health,
            Duration callTimeout,
            Runnable suspicion) {
        this.config = config;
        this.knowledge = knowledge;
        this.health = health;
        this.suspicion = suspicion;
        int number = config.topics().partitionOf(config.environment());
        this.events = new TopicPartition(config.topics().events(), number);
        this.state = new TopicPartition(config.topics().state(), number);
        this.stateFormat = config.connection().format(state.topic(), WireSchema.STATE);
        this.image = new StateImage(config.environment(), ledger.events());
        this.endOfEvents = endOf(events, admin);
        this.endOfState = endOf(state, admin);
        this.consumer = config.connection().consumer(callTimeout);
    }

    private LedgerEnd endOf(TopicPartition partition, Admin admin) {
        Duration pace = config.staleAfter().dividedBy(5);
        Duration half = config.staleAfter().dividedBy(2);
        Duration atLeast = half.compareTo(SHORTEST_QUESTION) < 0 ? SHORTEST_QUESTION : half;
        return new LedgerEnd(
                admin,
                partition,
                pace.compareTo(LONGEST_PACE) < 0 ? pace : LONGEST_PACE,
                atLeast.compareTo(LONGEST_QUESTION) < 0 ? atLeast : LONGEST_QUESTION);
    }

    /**
     * Reads up to what is the end by now, or until the evaluator is closed.
     *
     * @throws LostRecordsException if the ledger ends before what is known
     */
    void catchUp() {
        knowledge.thaw();
        endOfEvents.look(0); // the answer will be there by the time that all is read
        if (isCloseBehind()) {
            consumer.assign(List.of(events));
            consumer.seek(events, knowledge.offset() + 1);
        } else {
            catchUpWithState();
        }
        long end = consumer.endOffsets(List.of(events)).getOrDefault(events, 0L);
        while (!health.isClosed() && consumer.position(events) < end) {
            step(POLL);
        }
        long patience = System.nanoTime() + FIRST_WORD.toNanos();
        while (!health.isClosed() && !isAtEnd() && System.nanoTime() < patience) {
            step(SHORT_POLL);
        }
    }

    private boolean isAtEnd() {
        endOfEvents.look(position());
        return endOfEvents.wasReached();
    }

    /** Whether the events behind what is known are fewer than the records of the state topic may be. */
    private boolean isCloseBehind() {
        if (!knowledge.isSomewhere()) {
            return false;
        }
        Map<TopicPartition, Long> ends = consumer.endOffsets(List.of(events, state));
        long missed = ends.getOrDefault(events, 0L) - (knowledge.offset() + 1);
        if (missed < 0) {
            throw new LostRecordsException(
                    "event %d of %s was at offset %d of %s, which now ends before: records were lost"
                            .formatted(knowledge.state().sequence(), config.environment(), knowledge.offset(), events));
        }
        return missed <= ends.getOrDefault(state, 0L);
    }

    private void catchUpWithState() {
        consumer.assign(List.of(state));
        consumer.seekToBeginning(List.of(state));
        readsState = true;
        long end = -1;
        for (long next = endOf(state); next > end && !health.isClosed(); next = endOf(state)) {
            end = next;
            while (!health.isClosed() && consumer.position(state) < end) {
                poll(POLL);
            }
        }
        if (image.newerThan(knowledge.state()) != null && !knowledge.takeOver(image)) {
            log.info("the state topic is incomplete for {}; its events are read instead", config.environment());
        }
        consumer.assign(List.of(events, state));
        consumer.seek(events, knowledge.offset() + 1);
        image.clear();
    }

    private long endOf(TopicPartition partition) {
        return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    /** Takes in what comes within a moment, and the state if the events are of no more use. */
    void step() {
        step(POLL);
    }

    private void step(Duration longest) {
        poll(longest);
        if (knowledge.takeDoubt()) {
            suspicion.run();
        }
        if (knowledge.frozen() != null && !readsState) {
            consumer.assign(List.of(events, state));
            consumer.seekToBeginning(List.of(state));
            readsState = true;
            return;
        }
        Head head = image.newerThan(knowledge.state());
        if (head == null) {
            image.clear();
        } else if (knowledge.frozen() != null
                && consumer.currentLag(state).orElse(1) == 0
                && knowledge.takeOver(image)) {
            consumer.seek(events, knowledge.offset() + 1);
            image.clear();
            knowledge.thaw();
            log.info(
                    "{} goes on at {} from the state topic",
                    config.environment(),
                    knowledge.state().sequence());
        }
    }

    private void poll(Duration longest) {
        for (ConsumerRecord<byte[], byte[]> next : consumer.poll(longest)) {
            if (next.topic().equals(events.topic())) {
                knowledge.take(next);
            } else if (knowledge.isOurs(next)) {
                takeState(next);
            }
        }
    }

    private void takeState(ConsumerRecord<byte[], byte[]> next) {
        try {
            image.take(StateCodec.decode(stateFormat.read(next.value())));
        } catch (UndecodableException e) {
            image.miss();
            log.warn("the state topic is of no use for {}: {}", config.environment(), e.getMessage());
        }
    }

    /** Tells how current the answers are, once all that was read has been published. */
    void tell() {
        long position = position();
        endOfEvents.look(position);
        if (position != UNKNOWN) {
            health.lag(Math.max(
                    endOfEvents.behind(position), consumer.currentLag(events).orElse(-1)));
        }
        if (endOfEvents.wasReached()) {
            health.following(endOfEvents.reached(), knowledge.frozen());
        } else {
            health.followingBut("it is not known yet whether these are all events");
        }
        health.repair(
                isStateSilent() ? "nothing is heard of the state topic, which would repair what events can't" : null);
    }

    private boolean isStateSilent() {
        if (!readsState) {
            return false;
        }
        endOfState.look(0);
        long silent = System.nanoTime() - config.staleAfter().toNanos();
        return began - silent < 0 && !endOfState.hasAnsweredSince(silent);
    }

    /** Up to where the events are read; unknown while a new leader is asked whether what was read is still there. */
    private long position() {
        try {
            return consumer.position(events, Duration.ZERO);
        } catch (TimeoutException e) {
            return UNKNOWN;
        }
    }

    /** Lets whatever waits for Kafka end with a WakeupException; from any thread. */
    void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO)); // it is in no group, so there is nobody to take leave of
    }
}
