package io.flagledger.core.kafka;

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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A partition to which a command's events are appended only if the command was decided on all that lies before them. For one thread. */
final class FencedPartition implements AutoCloseable {
    /*
     * Kafka has no append that compares and sets (KIP-27 was never built). Three facts make one:
     *
     * 1. initTransactions() with a transactional id fences every producer that used the id before: none of them can
     *    commit any more, and what they left open is ended before the call returns (KIP-98).
     * 2. A record that is acknowledged has its offset from the partition's true leader, since a majority of its copies
     *    had to agree. Nothing can come to lie before it any more.
     * 3. Until its transaction is committed nobody sees it.
     *
     * Hence one transactional id a partition, and this loop: hold the fence; read to the end; look whether the command
     * was done before; decide; lay the events, uncommitted; read what lies before them. If that is nothing that was not
     * known, commit: whoever comes between now must take the fence, and then the commit has no effect. If it is anything
     * else, abort and decide again. Whatever goes wrong on the way drops the fence and starts over, so a commit of unknown
     * outcome is found by its changeId in the tail, or was not done and is decided again on the new state. That holds for
     * a writer that was paused for minutes as well: it wakes up fenced.
     *
     * Reading to the end is a guess, though a good one. Who asks for the end is answered by whom it takes for the leader,
     * and a broker that was cut off or asleep takes itself for the leader until it hears otherwise. It then tells an old
     * end, while the true leader has gone on; a ledger was seen to fork by that (FaultRun, 2026-11-25). So the end is
     * believed only once a record lies there.
     *
     * A refusal is a read, and Kafka has no read that is surely up to date. So it is proved as Raft proves one: by a write
     * that does nothing (Ongaro's dissertation, §6.4), here a record that is aborted. A few bytes a refusal, until
     * compaction.
     *
     * A writer that appends again and again reads nothing in between: its next record comes right behind the mark that
     * Kafka sets behind a transaction, or somebody else was there.
     */
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.writer");
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration OPENING_TIMEOUT = Duration.ofMinutes(10);

    /** No event's key, so that it supersedes none. */
    private static final byte[] QUESTION = "is this the end?".getBytes(StandardCharsets.UTF_8);

    private final KafkaConnection connection;
    private final TopicPartition partition;
    private final TopicFormat format;
    private final Lookback past;
    private final Runnable opening;
    private final AtomicLong takeovers = new AtomicLong();

    private @Nullable PartitionReader reader;
    private boolean opened;
    private @Nullable Fence fence;

    /** @param opening is run at each event of the first reading, which may take long; may throw to end it */
    FencedPartition(KafkaConnection connection, TopicPartition partition, Runnable opening) {
        this.connection = connection;
        this.partition = partition;
        this.format = connection.format(partition.topic(), WireSchema.EVENT);
        this.past = new Lookback(connection, partition, CALL_TIMEOUT);
        this.opening = opening;
    }

    /** How often the fence was taken; from any thread. */
    long takeovers() {
        return takeovers.get();
    }

    /**
     * Does a command, or finds it done, or refuses it. If it throws, the command may have been done if
     * {@link Attempt#mayBeCommitted} says so, and the fence is to be released.
     *
     * @return null if it was decided on a state that is no more: it is worth another try
     */
    @Nullable
    AppendResult tryOnce(Attempt attempt) {
        Held held = hold();
        PartitionReader known = held.known;
        RuntimeException stopped = known.stopped(attempt.environment);
        if (stopped != null) {
            throw stopped;
        }
        List<Recorded> before = past.done(attempt.environment, attempt.command.changeId(), attempt.deadline());
        if (!before.isEmpty()) {
            if (attempt.mayBeCommitted) {
                log.info("append to {} was committed when its outcome was unknown", attempt.environment);
            }
            return new AppendResult.Accepted(before, !attempt.mayBeCommitted);
        }
        EnvironmentState state = known.state(attempt.environment);
        Command command = attempt.command.restoring(
                (flag, revision) -> past.definition(attempt.environment, flag, revision, attempt.deadline()));
        Verdict verdict = Decider.decide(state, command);
        if (verdict instanceof Verdict.Refused refused) {
            return refuse(held, attempt, state, refused.refusal());
        }
        List<Event> events = ((Verdict.Accepted) verdict).events();
        List<EncodedEvent> encoded = encode(events, state.digest());
        Refusal unfit = unfit(events, encoded);
        return unfit == null
                ? commit(held, attempt, events, encoded, state.digest())
                : refuse(held, attempt, state, unfit);
    }

    private @Nullable AppendResult refuse(Held held, Attempt attempt, EnvironmentState state, Refusal refusal) {
        byte @Nullable [] nothing = null;
        List<RecordMetadata> places = held.layAtEnd(List.of(record(QUESTION, nothing)));
        if (places == null) {
            return null;
        }
        held.abort(places);
        Long expected = attempt.command.expectedRevision();
        List<Recorded> since = refusal.kind() == Refusal.Kind.REVISION_MOVED && expected != null
                ? past.since(
                        attempt.environment, attempt.command.changes().get(0).flag(), expected, attempt.deadline())
                : List.of();
        return new AppendResult.Refused(refusal, state.sequence(), since);
    }

    private @Nullable AppendResult commit(
            Held held, Attempt attempt, List<Event> events, List<EncodedEvent> encoded, Digest last) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            records.add(record(
                    EventCodec.key(event.environment(), event.sequence()),
                    format.write(encoded.get(i).value())));
        }
        List<RecordMetadata> places = held.layAtEnd(records);
        if (places == null) {
            return null;
        }
        attempt.mayBeCommitted = true;
        held.commit(places);
        List<Recorded> recorded = new ArrayList<>();
        Digest previous = last;
        for (int i = 0; i < events.size(); i++) {
            RecordMetadata place = places.get(i);
            Digest digest = encoded.get(i).digest();
            EventRecord folded = held.known.appended(
                    new Recorded(events.get(i), previous, digest, Instant.ofEpochMilli(place.timestamp())),
                    place.offset());
            past.remember(folded);
            recorded.add(folded.recorded());
            previous = digest;
        }
        return new AppendResult.Accepted(recorded, false);
    }

    private ProducerRecord<byte[], byte[]> record(byte[] key, byte @Nullable [] value) {
        return new ProducerRecord<>(partition.topic(), partition.partition(), key, value);
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

    /** Acquires the fence if it is not held. */
    private Held hold() {
        PartitionReader known = reader;
        if (known == null) {
            known = new PartitionReader(connection, partition, CALL_TIMEOUT);
            reader = known;
        }
        if (!opened) {
            known.readToEnd(System.nanoTime() + OPENING_TIMEOUT.toNanos(), event -> {
                opening.run();
                past.remember(event);
            });
            opened = true;
        }
        Fence taken = fence;
        if (taken == null) {
            taken = Fence.take(connection, partition, CALL_TIMEOUT);
            fence = taken;
            takeovers.incrementAndGet();
            log.debug("took over {}", partition);
            known.readToEnd(soon(), past::remember);
        }
        return new Held(taken, known);
    }

    /** The fence while it is held, and what is known of the partition. */
    private final class Held {
        private final Fence fence;
        private final PartitionReader known;

        Held(Fence fence, PartitionReader known) {
            this.fence = fence;
            this.known = known;
        }

        /** Lays records behind all that is known; null, with nothing laid, if there was more, which is known now. */
        @Nullable
        List<RecordMetadata> layAtEnd(List<ProducerRecord<byte[], byte[]>> records) {
            List<RecordMetadata> places = fence.lay(records);
            boolean isBehindMore;
            try {
                isBehindMore = known.readTo(places.get(0).offset(), soon(), past::remember);
            } catch (IllegalStateException replaced) {
                fence.abort(); // or the new ledger's readers would wait for it
                throw replaced;
            }
            if (isBehindMore) {
                log.info("{} went on behind what was taken for its end: decided again", partition);
                abort(places);
                return null;
            }
            return places;
        }

        void commit(List<RecordMetadata> places) {
            fence.commit();
            setKnownBehind(places);
        }

        void abort(List<RecordMetadata> places) {
            fence.abort();
            setKnownBehind(places);
        }

        private void setKnownBehind(List<RecordMetadata> places) {
            long mark = places.get(places.size() - 1).offset() + 1;
            known.setKnownTo(mark + 1);
        }
    }

    /** Gives up the fence: what is known may no longer be the end. */
    void release() {
        Fence former = fence;
        fence = null;
        if (former != null) {
            former.close();
        }
    }

    private static long soon() {
        return System.nanoTime() + CALL_TIMEOUT.toNanos();
    }

    @Override
    public void close() {
        release();
        if (reader != null) {
            reader.close();
        }
    }
}
