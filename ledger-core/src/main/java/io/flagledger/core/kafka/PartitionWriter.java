package io.flagledger.core.kafka;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.codec.EncodedEvent;
import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.command.Command;
import io.flagledger.core.command.Decider;
import io.flagledger.core.command.Refusal;
import io.flagledger.core.command.Verdict;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.Digest;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The fenced writer of one partition. Any number of threads may call it; one at a time gets through. */
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
     * decided again on the new state. A refusal needs no commit and so would not notice a lost fence; therefore it only
     * stands if the partition has not grown meanwhile. That is asked of the partition's very end, since a commit returns
     * to its writer a few milliseconds before it is visible to readers.
     *
     * Changes are rare (a person clicks), so one commit a command is right: about 3 ms.
     */
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.writer");
    private static final int MAX_EVENT_BYTES = 1_000_000; // below the 1 MiB that brokers accept, with room for framing
    private static final int TRANSACTION_TIMEOUT_MS = 10_000;
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(20);

    private final KafkaConnection connection;
    private final TopicPartition partition;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, List<Recorded>> done = new HashMap<>();
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    private @Nullable PartitionReader reader;
    private boolean closed;

    PartitionWriter(KafkaConnection connection, TopicPartition partition) {
        this.connection = connection;
        this.partition = partition;
    }

    AppendResult append(String environment, Command command, Duration timeout) {
        Attempt attempt = new Attempt(environment, command, System.nanoTime(), timeout);
        try {
            if (!lock.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw attempt.unavailable(null);
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        try {
            return append(attempt);
        } finally {
            lock.unlock();
        }
    }

    private AppendResult append(Attempt attempt) {
        KafkaException last = null;
        while (attempt.hasTime()) {
            if (closed) {
                throw new IllegalStateException("this writer is closed");
            }
            try {
                AppendResult result = tryOnce(attempt);
                if (result != null) {
                    return result;
                }
            } catch (InterruptException e) {
                release();
                throw e;
            } catch (AuthenticationException | AuthorizationException e) {
                release();
                throw attempt.unavailable(e); // trying again would not help
            } catch (KafkaUnavailableException | IllegalStateException e) {
                release(); // what was read may end before the ledger does, so the fence must not be kept
                throw e;
            } catch (KafkaException e) {
                log.info("append to {} is tried again: {}", attempt.environment, e.toString());
                last = e;
                release();
                LockSupport.parkNanos(RETRY_PAUSE.toNanos());
            }
        }
        throw attempt.unavailable(last);
    }

    /** One round; null if it is worth another. */
    private @Nullable AppendResult tryOnce(Attempt attempt) {
        PartitionReader known = held(attempt);
        RuntimeException stopped = known.stopped(attempt.environment);
        if (stopped != null) {
            throw stopped;
        }
        List<Recorded> before = done.get(doneKey(attempt.environment, attempt.command.changeId()));
        if (before != null) {
            return new AppendResult.Accepted(before, true);
        }
        EnvironmentState state = known.state(attempt.environment);
        Verdict verdict = Decider.decide(state, withDefinitions(attempt));
        if (verdict instanceof Verdict.Accepted accepted) {
            List<EncodedEvent> encoded = encode(accepted.events(), state.digest());
            Refusal unfit = unfit(accepted.events(), encoded);
            return unfit == null ? commit(accepted.events(), encoded) : new AppendResult.Refused(unfit, List.of());
        }
        long end = known.uncommittedEnd();
        known.readToEnd(attempt.deadline(), this::remember);
        if (!known.hasRead(end) || known.state(attempt.environment).sequence() != state.sequence()) {
            return null;
        }
        return refused(attempt, ((Verdict.Refused) verdict).refusal());
    }

    /** The command with what its restorations are to restore, as the ledger has it and nobody else. */
    private Command withDefinitions(Attempt attempt) {
        Command command = attempt.command;
        if (command.changes().stream().noneMatch(Change.FlagRestored.class::isInstance)) {
            return command;
        }
        List<Change> changes = new ArrayList<>();
        for (Change change : command.changes()) {
            changes.add(
                    change instanceof Change.FlagRestored restored
                            ? new Change.FlagRestored(
                                    restored.flag(),
                                    restored.revision(),
                                    definition(attempt, restored.flag(), restored.revision()))
                            : change);
        }
        return new Command(
                command.changeId(),
                command.occurredAt(),
                command.actor(),
                command.reason(),
                changes,
                command.expectedRevision());
    }

    private @Nullable Definition definition(Attempt attempt, String flag, long revision) {
        AtomicReference<@Nullable Definition> found = new AtomicReference<>();
        try (PartitionReader all = new PartitionReader(connection, partition, CALL_TIMEOUT)) {
            all.readToEnd(attempt.deadline(), event -> {
                FlagState then = event.after().flags().get(flag);
                if (event.recorded().event().environment().equals(attempt.environment)
                        && event.recorded().event().flag().equals(flag)
                        && event.recorded().event().revision() == revision
                        && then != null) {
                    found.set(then.definition());
                }
            });
        }
        return found.get();
    }

    private AppendResult commit(List<Event> events, List<EncodedEvent> encoded) {
        KafkaProducer<byte[], byte[]> fenced = requireNonNull(producer);
        PartitionReader known = requireNonNull(reader);
        fenced.beginTransaction();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            sent.add(fenced.send(new ProducerRecord<>(
                    partition.topic(),
                    partition.partition(),
                    EventCodec.key(event.environment(), event.sequence()),
                    encoded.get(i).value())));
        }
        fenced.commitTransaction();
        List<Recorded> recorded = new ArrayList<>();
        Digest previous = known.state(events.get(0).environment()).digest();
        for (int i = 0; i < events.size(); i++) {
            RecordMetadata metadata = committed(sent.get(i));
            Digest digest = encoded.get(i).digest();
            EventRecord folded = known.appended(
                    new Recorded(events.get(i), previous, digest, Instant.ofEpochMilli(metadata.timestamp())),
                    metadata.offset());
            remember(folded);
            recorded.add(folded.recorded());
            previous = digest;
        }
        return new AppendResult.Accepted(recorded, false);
    }

    private AppendResult refused(Attempt attempt, Refusal refusal) {
        Long expected = attempt.command.expectedRevision();
        if (refusal.kind() != Refusal.Kind.REVISION_MOVED || expected == null) {
            return new AppendResult.Refused(refusal, List.of());
        }
        String flag = attempt.command.changes().get(0).flag();
        List<Recorded> since = done.values().stream()
                .flatMap(List::stream)
                .filter(recorded -> isNewer(recorded.event(), attempt.environment, flag, expected))
                .sorted(Comparator.comparingLong(recorded -> recorded.event().sequence()))
                .toList();
        return new AppendResult.Refused(refusal, since);
    }

    private static boolean isNewer(Event event, String environment, String flag, long revision) {
        return event.environment().equals(environment) && event.flag().equals(flag) && event.revision() > revision;
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
            if (bytes > MAX_EVENT_BYTES) {
                return new Refusal(
                        Refusal.Kind.LIMIT_EXCEEDED,
                        String.format(
                                Locale.ROOT,
                                "the event would have %,d bytes, but at most %,d fit: split the change into several",
                                bytes,
                                MAX_EVENT_BYTES),
                        events.get(i).change());
            }
        }
        return null;
    }

    private static RecordMetadata committed(Future<RecordMetadata> sent) {
        try {
            return sent.get();
        } catch (ExecutionException e) {
            throw new KafkaException("a record of a committed transaction failed", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void remember(EventRecord event) {
        Event read = event.recorded().event();
        done.computeIfAbsent(doneKey(read.environment(), read.changeId()), id -> new ArrayList<>(1))
                .add(event.recorded());
    }

    private static String doneKey(String environment, String changeId) {
        return environment + "/" + changeId;
    }

    /** What is known of the partition while the fence is held; acquires it if it is not. */
    private PartitionReader held(Attempt attempt) {
        PartitionReader known = reader;
        if (known == null) {
            known = new PartitionReader(connection, partition, CALL_TIMEOUT);
            reader = known;
        }
        if (producer == null) {
            producer = new KafkaProducer<>(
                    connection.with(Map.of(
                            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                            "flag-ledger-writer-" + partition,
                            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                            TRANSACTION_TIMEOUT_MS,
                            ProducerConfig.MAX_BLOCK_MS_CONFIG,
                            CALL_TIMEOUT.toMillis(),
                            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                            (int) CALL_TIMEOUT.toMillis(),
                            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                            (int) CALL_TIMEOUT.toMillis(),
                            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                            MAX_EVENT_BYTES + 24_000,
                            ProducerConfig.LINGER_MS_CONFIG,
                            0)),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
            producer.initTransactions();
            known.readToEnd(attempt.deadline(), this::remember);
        }
        return known;
    }

    /** Gives up the fence: what is known may no longer be the end. */
    private void release() {
        KafkaProducer<byte[], byte[]> former = producer;
        producer = null;
        if (former != null) {
            former.close(Duration.ZERO);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            release();
            if (reader != null) {
                reader.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** One call of somebody who waits. */
    private record Attempt(String environment, Command command, long started, Duration timeout) {
        long deadline() {
            return started + timeout.toNanos();
        }

        boolean hasTime() {
            return System.nanoTime() < deadline();
        }

        KafkaUnavailableException unavailable(@Nullable Throwable last) {
            return new KafkaUnavailableException(
                    "append to " + environment, Duration.ofNanos(System.nanoTime() - started), last);
        }
    }
}
