package io.flagledger.core.kafka;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.codec.EncodedEvent;
import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.WireSchema;
import io.flagledger.core.command.Command;
import io.flagledger.core.command.Decider;
import io.flagledger.core.command.Refusal;
import io.flagledger.core.command.Verdict;
import io.flagledger.core.event.Digest;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The fenced writer of one partition. Any number of threads may call it; one at a time is served, in the order they came. */
final class PartitionWriter implements AutoCloseable {
    /*
     * Kafka has no append that compares and sets (KIP-27 was never built). Two facts of its transactions (KIP-98) make
     * one:
     *
     * 1. initTransactions() with a transactional id fences every producer that used the id before: none of them can
     *    commit any more, and what they left open is ended before the call returns.
     * 2. So whoever has called it and then read to the end of the partition knows all there is, and stays right until
     *    somebody else calls it. Losing the fence shows at the next commit at the latest, and that commit has no effect.
     *
     * Hence one transactional id a partition, and this loop: hold the fence (acquire it and read to the end if not);
     * look whether the command was done before; decide; send and commit. Whatever goes wrong on the way drops the fence
     * and starts over, so a commit of unknown outcome is found by its changeId in the tail, or was not done and is
     * decided again on the new state. That holds for a writer that was paused for minutes as well: it wakes up fenced.
     *
     * A refusal needs no commit and so would not notice a lost fence; therefore it only stands if the partition has not
     * grown meanwhile. That is asked of the partition's very end, since a commit returns to its writer a few milliseconds
     * before it is visible to readers. What lies open there for longer was left by a writer that is dead or asleep, and
     * taking the fence again ends it.
     *
     * Rivals that take the fence from each other at once would get nothing done. So whoever loses it waits before it
     * tries again, at random and longer each time, while the other commits what it has: about 3 ms a command. Changes
     * are rare (a person clicks), so one commit a command is right.
     *
     * All of it happens on a thread of this class's own. A Kafka call may take its 5 seconds whatever the caller's
     * patience; so the caller waits for the thread, and leaves when its time is up. Nothing is interrupted half-way.
     *
     * The first append reads the partition whole, before it takes the fence from anybody. While that reading gets on, no
     * caller's time runs: a log of a million events took 47 s on two busy cores, and giving up would only mean to begin
     * again later.
     */
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.writer");
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration OPENING_TIMEOUT = Duration.ofMinutes(10);
    private static final long SHORTEST_PAUSE_NANOS = 20_000_000;
    private static final int MOST_DOUBLINGS = 6;
    private static final int PATIENT_TRIES = 4;

    /** What will be the same at the next try. */
    private static final List<Class<? extends KafkaException>> HOPELESS = List.of(
            AuthenticationException.class,
            AuthorizationException.class,
            ConfigException.class,
            InvalidTopicException.class,
            RecordTooLargeException.class,
            UnsupportedVersionException.class);

    private final KafkaConnection connection;
    private final TopicPartition partition;
    private final TopicFormat format;
    private final Lookback past;
    private final ExecutorService worker;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicLong takeovers = new AtomicLong();
    private volatile long openingGotOn;

    // the worker's alone
    private @Nullable PartitionReader reader;
    private boolean opened;
    private @Nullable Fence fence;

    PartitionWriter(KafkaConnection connection, TopicPartition partition) {
        this.connection = connection;
        this.partition = partition;
        this.format = connection.format(partition.topic(), WireSchema.EVENT);
        this.past = new Lookback(connection, partition, CALL_TIMEOUT);
        this.openingGotOn = System.nanoTime();
        this.worker = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "flag-ledger-writer-" + partition);
            thread.setDaemon(true);
            return thread;
        });
    }

    long takeovers() {
        return takeovers.get();
    }

    AppendResult append(String environment, Command command, Duration timeout) {
        Attempt attempt = new Attempt(environment, command, timeout);
        Future<AppendResult> outcome;
        try {
            outcome = worker.submit(() -> append(attempt));
        } catch (RejectedExecutionException e) {
            throw closed();
        }
        try {
            return await(outcome, attempt);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (CancellationException e) {
            throw closed();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } finally {
            outcome.cancel(false); // where it has not begun; if it has, it ends by itself
            attempt.isAwaited = false;
        }
    }

    private AppendResult await(Future<AppendResult> outcome, Attempt attempt)
            throws InterruptedException, ExecutionException {
        while (true) {
            long left = deadline(attempt) - System.nanoTime();
            if (left <= 0) {
                throw attempt.unavailable();
            }
            try {
                return outcome.get(left, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                log.debug("append to {} has waited for {}", attempt.environment, attempt.timeout);
            }
        }
    }

    /** Until when the attempt is worth going on with: its time does not run while the opening gets on. */
    private long deadline(Attempt attempt) {
        return Math.max(attempt.started, openingGotOn) + attempt.timeout.toNanos();
    }

    private AppendResult append(Attempt attempt) {
        while (attempt.isAwaited && System.nanoTime() < deadline(attempt)) {
            if (isClosing()) {
                throw closed();
            }
            attempt.tries.incrementAndGet();
            try {
                AppendResult result = tryOnce(attempt);
                if (result != null) {
                    return result;
                }
            } catch (KafkaException | KafkaUnavailableException e) {
                release();
                attempt.last = e;
                if (e instanceof KafkaUnavailableException unavailable && unavailable.isLasting()) {
                    throw unavailable;
                }
                if (e instanceof InterruptException) {
                    throw attempt.unavailable();
                }
                if (Causes.areAny(e, HOPELESS)) {
                    throw KafkaUnavailableException.refused(attempt.what(), e);
                }
                if (Fence.isLost(e)) {
                    log.debug("another writer of {} has taken over", partition);
                } else {
                    log.info("append to {} is tried again: {}", attempt.environment, e.toString());
                }
            } catch (RuntimeException e) {
                release();
                throw e;
            }
            pause(attempt);
        }
        throw attempt.unavailable();
    }

    /** One round; null if it is worth another. */
    private @Nullable AppendResult tryOnce(Attempt attempt) {
        PartitionReader known = held();
        RuntimeException stopped = known.stopped(attempt.environment);
        if (stopped != null) {
            throw stopped;
        }
        List<Recorded> before = past.done(attempt.environment, attempt.command.changeId(), deadline(attempt));
        if (!before.isEmpty()) {
            if (attempt.mayBeCommitted) {
                log.info("append to {} was committed when its outcome was unknown", attempt.environment);
            }
            return new AppendResult.Accepted(before, !attempt.mayBeCommitted);
        }
        EnvironmentState state = known.state(attempt.environment);
        Command command = attempt.command.restoring(
                (flag, revision) -> past.definition(attempt.environment, flag, revision, deadline(attempt)));
        Verdict verdict = Decider.decide(state, command);
        if (verdict instanceof Verdict.Refused refused) {
            return refused(known, attempt, state, refused.refusal());
        }
        List<Event> events = ((Verdict.Accepted) verdict).events();
        List<EncodedEvent> encoded = encode(events, state.digest());
        Refusal unfit = unfit(events, encoded);
        return unfit == null ? commit(attempt, events, encoded) : refused(known, attempt, state, unfit);
    }

    /** The refusal if it was right at the end of the ledger; null if that is not certain. */
    private AppendResult.@Nullable Refused refused(
            PartitionReader known, Attempt attempt, EnvironmentState state, Refusal refusal) {
        long end = known.uncommittedEnd();
        known.readToEnd(soon(), past::remember);
        if (known.state(attempt.environment).sequence() != state.sequence()) {
            release(); // somebody else has written, so the fence is lost
            return null;
        }
        if (!known.hasRead(end)) {
            if (attempt.tries.get() % PATIENT_TRIES == 0) {
                release();
            }
            return null;
        }
        Long expected = attempt.command.expectedRevision();
        List<Recorded> since = refusal.kind() == Refusal.Kind.REVISION_MOVED && expected != null
                ? past.since(
                        attempt.environment, attempt.command.changes().get(0).flag(), expected, deadline(attempt))
                : List.of();
        return new AppendResult.Refused(refusal, state.sequence(), since);
    }

    private AppendResult commit(Attempt attempt, List<Event> events, List<EncodedEvent> encoded) {
        Fence held = requireNonNull(fence);
        PartitionReader known = requireNonNull(reader);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            records.add(new ProducerRecord<>(
                    partition.topic(),
                    partition.partition(),
                    EventCodec.key(event.environment(), event.sequence()),
                    format.write(encoded.get(i).value())));
        }
        held.send(records);
        attempt.mayBeCommitted = true;
        List<RecordMetadata> places = held.commit();
        List<Recorded> recorded = new ArrayList<>();
        Digest previous = known.state(events.get(0).environment()).digest();
        for (int i = 0; i < events.size(); i++) {
            RecordMetadata place = places.get(i);
            Digest digest = encoded.get(i).digest();
            EventRecord folded = known.appended(
                    new Recorded(events.get(i), previous, digest, Instant.ofEpochMilli(place.timestamp())),
                    place.offset());
            past.remember(folded);
            recorded.add(folded.recorded());
            previous = digest;
        }
        return new AppendResult.Accepted(recorded, false);
    }

    private static List<EncodedEvent> encode(List<Event> events, Digest previous) {
        List<EncodedEvent> encoded = new ArrayList<>();
        for (Event event : events) {
            encoded.add(EventCodec.encode(
                    event,
                    encoded.isEmpty()
                            ? previous
                            : encoded.get(encoded.size() - 1).digest()));
        }
        return encoded;
    }

    /** Why the events can't be written although the decider accepts them, which knows neither Kafka nor JSON. */
    private static @Nullable Refusal unfit(List<Event> events, List<EncodedEvent> encoded) {
        for (int i = 0; i < events.size(); i++) {
            Refusal noJson = ObjectValues.refuse(events.get(i).change());
            if (noJson != null) {
                return noJson;
            }
            int bytes = encoded.get(i).value().length;
            if (bytes > Fence.MAX_VALUE_BYTES) {
                return new Refusal(
                        Refusal.Kind.LIMIT_EXCEEDED,
                        String.format(
                                Locale.ROOT,
                                "the event would have %,d bytes, but at most %,d fit: split the change into several",
                                bytes,
                                Fence.MAX_VALUE_BYTES),
                        events.get(i).change());
            }
        }
        return null;
    }

    /** What is known of the partition while the fence is held; acquires it if it is not. */
    private PartitionReader held() {
        PartitionReader known = reader;
        if (known == null) {
            known = new PartitionReader(connection, partition, CALL_TIMEOUT);
            reader = known;
        }
        if (!opened) {
            known.readToEnd(System.nanoTime() + OPENING_TIMEOUT.toNanos(), event -> {
                if (isClosing()) {
                    throw closed();
                }
                openingGotOn = System.nanoTime();
                past.remember(event);
            });
            opened = true;
        }
        if (fence == null) {
            Fence taken = Fence.take(connection, partition, CALL_TIMEOUT);
            try {
                known.readToEnd(soon(), past::remember);
            } catch (RuntimeException e) {
                taken.close();
                throw e;
            }
            fence = taken; // not before the end is known: nothing may be decided without it
            takeovers.incrementAndGet();
            log.debug("took over {}", partition);
        }
        return known;
    }

    /** Gives up the fence: what is known may no longer be the end. */
    private void release() {
        Fence former = fence;
        fence = null;
        if (former != null) {
            former.close();
        }
    }

    private void pause(Attempt attempt) {
        long longest = SHORTEST_PAUSE_NANOS << Math.min(attempt.tries.get() - 1, MOST_DOUBLINGS);
        long left = deadline(attempt) - System.nanoTime();
        try {
            closing.await(Math.min(left, ThreadLocalRandom.current().nextLong(longest)), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw attempt.unavailable();
        }
    }

    private static long soon() {
        return System.nanoTime() + CALL_TIMEOUT.toNanos();
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("this writer is closed");
    }

    /** Lets the command that is being served end, within the time of a Kafka call or two, and turns away those behind it. */
    @Override
    public void close() {
        closing.countDown();
        try {
            worker.execute(this::end);
        } catch (RejectedExecutionException e) {
            return; // closed before
        }
        worker.shutdown();
        try {
            if (!worker.awaitTermination(2 * CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                log.info("what writes to {} is interrupted: it did not end in time", partition);
                worker.shutdownNow();
            }
        } catch (InterruptedException e) {
            worker.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        release();
        if (reader != null) {
            reader.close();
        }
    }
}
