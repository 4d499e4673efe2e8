package io.flagledger.sdk;

import io.flagledger.core.kafka.LedgerId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One time with the ledger, from where it is caught up with until it can't be followed any more. For one thread. */
final class Session implements AutoCloseable {
    /*
     * Start: the state topic is read to its end, which is a consistent cut at its last head, and the events from there
     * on, which are followed.
     *
     * Whoever knows a position already, from a snapshot or from before Kafka was lost, reads the events behind it instead,
     * unless they are more than the state topic has records. The fold proves that they continue what is known.
     *
     * Where events can't be taken any more, the state topic is read from its beginning, and on until it is past what is
     * known; then events are taken again. With no projector alive the state topic stays behind and is of no use, and of no
     * harm.
     *
     * Answers are current as of the last word of the events' own leader that was caught up with (see LedgerEnd), and never
     * before the first such word of this session; the state topic's leader matters only to a repair. What was read is
     * published before the word is passed on, so whoever sees "current" sees the events as well.
     */
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.evaluator");
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SHORT_POLL = Duration.ofMillis(10);
    private static final long UNKNOWN = -1;

    /** For how long the first word is waited for, so that who starts is current at once: a commit's marker takes milliseconds. */
    private static final Duration FIRST_WORD = Duration.ofMillis(500);

    /** Events are what matters. */
    private static final int CHANCES_OF_STATE = 3;

    private static final Duration LATELY = Duration.ofSeconds(1);

    private final FlagLedgerConfig config;
    private final LedgerId ledger;
    private final Knowledge knowledge;
    private final Health health;
    private final Duration callTimeout;
    private final Runnable suspicion;
    private final TopicPartition events;
    private final TopicPartition state;
    private final Questioner questioner;
    private final LedgerEnd endOfEvents;
    private final LedgerEnd endOfState;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Ear ear;
    private final long began = System.nanoTime();
    private volatile @Nullable StateReader repair;

    /**
     * @param callTimeout how long a call to Kafka may take
     * @param suspicion called when events come that may be of another ledger; throws if they are
     */
    Session(
            FlagLedgerConfig config,
            Questioner questioner,
            InTouch inTouch,
            LedgerId ledger,
            Knowledge knowledge,
            Health health,
            Duration callTimeout,
            Runnable suspicion) {
        this.config = config;
        this.ledger = ledger;
        this.knowledge = knowledge;
        this.health = health;
        this.callTimeout = callTimeout;
        this.suspicion = suspicion;
        int number = config.topics().partitionOf(config.environment());
        this.events = new TopicPartition(config.topics().events(), number);
        this.state = new TopicPartition(config.topics().state(), number);
        this.questioner = questioner;
        this.endOfEvents = new LedgerEnd(questioner, inTouch, events, config.staleAfter(), 1);
        this.endOfState = new LedgerEnd(questioner, inTouch, state, config.staleAfter(), CHANCES_OF_STATE);
        endOfEvents.look(UNKNOWN); // the answer will be there by the time that all is read
        this.consumer = config.connection().consumer(callTimeout);
        this.ear = new Ear(consumer);
    }

    /**
     * Reads up to what is the end by now, or until the evaluator is closed.
     *
     * @throws LostRecordsException if the ledger ends before what is known
     */
    void catchUp() {
        knowledge.thaw();
        consumer.assign(List.of(events));
        if (!isCloseBehind()) {
            catchUpWithState();
        }
        consumer.seek(events, knowledge.offset() + 1);
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
        try (StateReader reader = readState()) {
            boolean isAll = reader.isEmpty();
            while (!health.isClosed() && !isAll) {
                isAll = reader.read();
            }
            if (reader.image().newerThan(knowledge.state()) != null && !knowledge.takeOver(reader.image())) {
                log.info("the state topic is incomplete for {}; its events are read instead", config.environment());
            }
        } finally {
            repair = null;
        }
    }

    private StateReader readState() {
        StateReader reader = new StateReader(config, ledger, state, callTimeout);
        repair = reader;
        return reader;
    }

    /** Takes in what comes within a moment: events, or the state while events are of no use. */
    void step() {
        step(POLL);
    }

    private void step(Duration longest) {
        if (knowledge.frozen() != null) {
            repair();
            return;
        }
        for (ConsumerRecord<byte[], byte[]> next : consumer.poll(longest)) {
            knowledge.take(next);
        }
        if (knowledge.takeDoubt()) {
            suspicion.run();
        }
    }

    private void repair() {
        StateReader reader = repair == null ? readState() : repair;
        boolean isAll = reader.read();
        if (reader.image().newerThan(knowledge.state()) == null) {
            reader.image().clear();
        } else if (isAll && knowledge.takeOver(reader.image())) {
            reader.close();
            repair = null;
            consumer.seek(events, knowledge.offset() + 1);
            knowledge.thaw();
            log.info(
                    "{} goes on at {} from the state topic",
                    config.environment(),
                    knowledge.state().sequence());
        }
    }

    /**
     * Tells how current the answers are, once all that was read has been published.
     *
     * @throws DeadConnectionException if another session is needed, though nothing is wrong with the ledger
     */
    void tell() {
        long position = position();
        endOfEvents.look(position);
        if (knowledge.frozen() != null) {
            ear.rest(); // nobody listens to events then
        } else if (ear.isDeaf() && endOfEvents.hasAnsweredSince(System.nanoTime() - LATELY.toNanos())) {
            throw new DeadConnectionException("%s is not heard over its connection".formatted(events));
        } else if (endOfEvents.isStuckFor(config.staleAfter())) {
            // The consumer may ask one that was deposed: it finds out only after minutes, and then by asking it again.
            throw new DeadConnectionException("what %s holds does not come over its connection".formatted(events));
        }
        if (endOfEvents.isPartedFor(config.staleAfter().dividedBy(2))) {
            // Whichever broker the new clients ask first may name the same leader again, or the true one.
            questioner.renew();
            throw new DeadConnectionException(
                    "the broker that says to lead %s is parted from the controllers".formatted(events));
        }
        health.unanswered(endOfEvents.failure());
        if (position != UNKNOWN) {
            health.lag(Math.max(
                    endOfEvents.behind(position), consumer.currentLag(events).orElse(-1)));
        }
        if (endOfEvents.wasReached()) {
            health.following(endOfEvents.reached(), knowledge.frozen());
        } else {
            health.followingBut("it is not known yet whether these are all events"
                    + (endOfEvents.behind(position) > 0
                            ? ": Kafka does not send what is up to the end, or a transaction is open before them"
                            : ""));
        }
        endOfState.look(UNKNOWN);
        health.repair(
                isStateSilent() ? "nothing is heard of the state topic, which would repair what events can't" : null);
    }

    private boolean isStateSilent() {
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
        StateReader reader = repair;
        if (reader != null) {
            reader.wakeUp();
        }
    }

    @Override
    public void close() {
        StateReader reader = repair;
        if (reader != null) {
            reader.close();
        }
        consumer.close(CloseOptions.timeout(Duration.ZERO)); // it is in no group, so there is nobody to take leave of
    }
}
