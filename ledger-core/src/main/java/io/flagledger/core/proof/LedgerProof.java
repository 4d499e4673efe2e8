package io.flagledger.core.proof;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.StateDigest;
import io.flagledger.core.codec.UndecodableException;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.proof.Verification.Broken;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Walks one environment's ledger, record by record in the order of the log, and stops at the first that proves it
 * unsound. For one thread.
 */
public final class LedgerProof {
    /*
     * Which position to name is the question here. An event's bytes are vouched for by its successor, which carries
     * their digest. So if event n+1 does not fit event n, one of the two was altered, and the link alone can't tell
     * which. Event n+2 can: if it vouches for n+1 as n+1 is now, then n+1 says the truth and n was altered; if it does
     * not, n+1 itself was altered, and nothing speaks against n. Where n+2 is missing or unreadable, n is named, since
     * the first position that can't be trusted is asked for. A checkpoint that vouches for n settles it at once.
     *
     * For one altered event this names exactly that one. Whoever alters several in a row and mends the links between
     * them is found where the mending ends; who mends them to the very end is found by a checkpoint only.
     *
     * All else is named by the position that the record puts in doubt: the one expected next, or a lower one that its
     * key names (a tombstone or a second copy of event 3 threatens event 3, however far the walk has come).
     */
    private static final Pattern KEY = Pattern.compile("([^/]*)/([1-9][0-9]{0,17})");

    private final String environment;
    private final boolean copy;
    private final UnaryOperator<byte[]> format;
    private final Deque<Checkpoint> checkpoints = new ArrayDeque<>();
    private EnvironmentState before;
    private EnvironmentState state;
    private Instant first = Instant.EPOCH;
    private long vouched;
    private @Nullable Suspicion suspicion;
    private @Nullable Broken broken;

    /**
     * A proof of the ledger alone.
     */
    public LedgerProof(String environment) {
        this(environment, "", Checkpoints.NONE, UnaryOperator.identity());
    }

    /**
     * @param ledgerId Kafka's id of the topic that is walked
     * @param format brings a record's value into the frame that the codec reads
     */
    public LedgerProof(String environment, String ledgerId, Checkpoints expected, UnaryOperator<byte[]> format) {
        this.environment = environment;
        this.format = format;
        this.copy = expected.copy();
        this.before = EnvironmentState.empty(environment);
        this.state = before;
        expected.list().stream()
                .sorted(Comparator.comparingLong(Checkpoint::sequence))
                .forEach(checkpoints::add);
        this.broken = foreign(ledgerId, checkpoints);
    }

    /** Whether further records can't change the outcome. */
    public boolean isSettled() {
        return broken != null;
    }

    /** Takes the next record of the partition, which may be another environment's. */
    public void take(RawRecord taken) {
        if (broken != null) {
            return;
        }
        broken = suspicion == null ? judge(taken) : suspicion.settledBy(taken);
    }

    /** What came of it, now that no more records come. */
    public Verification end() {
        if (broken == null && suspicion != null) {
            broken = suspicion.unsettled();
        }
        if (broken == null && !state.isWhole()) {
            broken = broken(
                    Flaw.TORN_BATCH,
                    next(),
                    Broken.NOWHERE,
                    "the ledger ends inside a batch: after event %d, %d more of the same batch must come"
                            .formatted(state.sequence(), state.batchRemaining()));
        }
        Checkpoint beyond = checkpoints.peek();
        if (broken == null && beyond != null) {
            broken = broken(
                    Flaw.TRUNCATED,
                    next(),
                    Broken.NOWHERE,
                    "the ledger ends with event %d, but a checkpoint of %s saw event %d: its end was cut off"
                            .formatted(state.sequence(), beyond.signedAt(), beyond.sequence()));
        }
        return broken == null ? new Verification.Sound(extent(state)) : broken;
    }

    private @Nullable Broken judge(RawRecord taken) {
        Key key = Key.of(taken.key());
        boolean ours = key.environment().equals(environment);
        long doubtful = ours ? Math.min(next(), key.sequence()) : next();
        byte[] value = taken.value();
        if (value == null) {
            return ours
                    ? broken(
                            Flaw.TOMBSTONE,
                            doubtful,
                            taken.offset(),
                            "a tombstone under the key %s deletes that event".formatted(key))
                    : null;
        }
        Recorded recorded;
        try {
            recorded = EventCodec.decode(format.apply(value), taken.appendedAt());
        } catch (UndecodableException e) {
            return ours ? broken(Flaw.UNREADABLE, doubtful, taken.offset(), String.valueOf(e.getMessage())) : null;
        }
        Event event = recorded.event();
        boolean belongs = event.environment().equals(environment);
        if (!ours && !belongs) {
            return null;
        }
        if (!ours || !belongs) {
            return broken(
                    Flaw.FOREIGN_EVENT,
                    doubtful,
                    taken.offset(),
                    "event %d of %s stands under the key %s".formatted(event.sequence(), event.environment(), key));
        }
        if (key.sequence() != event.sequence()) {
            return broken(
                    Flaw.WRONG_KEY,
                    doubtful,
                    taken.offset(),
                    "event %d stands under the key %s".formatted(event.sequence(), key));
        }
        if (event.sequence() < next()) {
            return broken(
                    Flaw.REPEATED,
                    event.sequence(),
                    taken.offset(),
                    "event %d comes again after event %d".formatted(event.sequence(), state.sequence()));
        }
        if (event.sequence() > next()) {
            suspicion = new Gap(event.sequence(), taken.offset());
            return null;
        }
        return recorded.previousDigest().equals(state.digest())
                ? follow(recorded, taken.offset())
                : unlinked(recorded, taken.offset());
    }

    private @Nullable Broken follow(Recorded recorded, long offset) {
        EnvironmentState after;
        try {
            after = Fold.apply(state, recorded);
        } catch (RuntimeException e) {
            return broken(Flaw.IMPOSSIBLE, next(), offset, String.valueOf(e.getMessage()));
        }
        if (state.sequence() == 0) {
            first = after.ledgerTime();
        }
        before = state;
        state = after;
        return compare(offset);
    }

    private @Nullable Broken unlinked(Recorded recorded, long offset) {
        if (next() == 1) {
            return broken(
                    Flaw.ALTERED,
                    1,
                    offset,
                    "event 1 does not start from the name %s: it carries %s, but the name's digest is %s"
                            .formatted(environment, recorded.previousDigest(), state.digest()));
        }
        if (vouched == state.sequence()) {
            return broken(
                    Flaw.ALTERED,
                    next(),
                    offset,
                    "event %d does not fit event %d, for which a checkpoint vouches: it carries %s, but the digest is %s"
                            .formatted(next(), state.sequence(), recorded.previousDigest(), state.digest()));
        }
        suspicion = new Unlinked(recorded, offset);
        return null;
    }

    /** Holds the event that was just folded against the checkpoints made when it was the last. */
    private @Nullable Broken compare(long offset) {
        while (true) {
            Checkpoint checkpoint = checkpoints.peek();
            if (checkpoint == null || checkpoint.sequence() != state.sequence()) {
                return null;
            }
            if (!checkpoint.digest().equals(state.digest())) {
                return broken(
                        Flaw.REWRITTEN,
                        state.sequence(),
                        offset,
                        before,
                        ("event %d has the digest %s, but a checkpoint of %s saw %s: the ledger was rewritten from"
                                        + " some event after %d up to here")
                                .formatted(
                                        state.sequence(),
                                        state.digest(),
                                        checkpoint.signedAt(),
                                        checkpoint.digest(),
                                        vouched));
            }
            if (!copy && !isTimed(checkpoint)) {
                return broken(
                        Flaw.RETIMED,
                        state.sequence(),
                        offset,
                        before,
                        ("the events up to %d are those that a checkpoint of %s saw, but ledger times are not:"
                                        + " the records were written again, or their times altered")
                                .formatted(state.sequence(), checkpoint.signedAt()));
            }
            vouched = state.sequence();
            checkpoints.remove();
        }
    }

    private boolean isTimed(Checkpoint checkpoint) {
        return checkpoint.ledgerTime().equals(state.ledgerTime())
                && checkpoint.stateDigest().equals(StateDigest.of(state));
    }

    private @Nullable Broken foreign(String ledgerId, Collection<Checkpoint> expected) {
        for (Checkpoint checkpoint : expected) {
            if (!checkpoint.environment().equals(environment)) {
                return broken(
                        Flaw.FOREIGN_CHECKPOINT,
                        checkpoint.sequence(),
                        Broken.NOWHERE,
                        "the checkpoint is of the environment %s, not of %s"
                                .formatted(checkpoint.environment(), environment));
            }
            if (!copy && !checkpoint.ledgerId().equals(ledgerId)) {
                return broken(
                        Flaw.FOREIGN_CHECKPOINT,
                        checkpoint.sequence(),
                        Broken.NOWHERE,
                        ("the checkpoint is of the ledger %s, but this is %s: another Kafka, or the topic was deleted"
                                        + " and made again")
                                .formatted(checkpoint.ledgerId(), ledgerId));
            }
        }
        return null;
    }

    private long next() {
        return state.sequence() + 1;
    }

    private Broken broken(Flaw flaw, long sequence, long offset, String why) {
        return broken(flaw, sequence, offset, state, why);
    }

    private Broken broken(Flaw flaw, long sequence, long offset, EnvironmentState sound, String why) {
        return new Broken(flaw, sequence, offset, why, extent(sound));
    }

    private Extent extent(EnvironmentState sound) {
        return new Extent(
                environment,
                sound.sequence(),
                sound.digest(),
                StateDigest.of(sound),
                sound.flags().size(),
                sound.sequence() == 0 ? Instant.EPOCH : first,
                sound.ledgerTime());
    }

    /** Something is wrong, and a later record may tell what. */
    private interface Suspicion {
        /** What it is if this record tells; null to wait for the next. */
        @Nullable
        Broken settledBy(RawRecord later);

        /** What can be said if no record tells. */
        Broken unsettled();
    }

    /** A sequence was left out; it may come later, or its tombstone may. */
    private final class Gap implements Suspicion {
        private final long found;
        private final long offset;

        Gap(long found, long offset) {
            this.found = found;
            this.offset = offset;
        }

        @Override
        public @Nullable Broken settledBy(RawRecord later) {
            if (!Arrays.equals(later.key(), EventCodec.key(environment, next()))) {
                return null;
            }
            return later.value() == null
                    ? broken(
                            Flaw.TOMBSTONE,
                            next(),
                            offset,
                            "event %d was deleted: event %d follows event %d, and a tombstone lies at offset %d"
                                    .formatted(next(), found, state.sequence(), later.offset()))
                    : broken(
                            Flaw.MISPLACED,
                            next(),
                            offset,
                            "event %d comes only at offset %d, after event %d"
                                    .formatted(next(), later.offset(), found));
        }

        @Override
        public Broken unsettled() {
            return broken(
                    Flaw.MISSING,
                    next(),
                    offset,
                    state.sequence() == 0
                            ? "event 1 is missing: the ledger starts with event %d".formatted(found)
                            : "event %d is missing: event %d follows event %d"
                                    .formatted(next(), found, state.sequence()));
        }
    }

    /** An event does not fit its predecessor; its successor may tell which of the two was altered. */
    private final class Unlinked implements Suspicion {
        private final Recorded unfit;
        private final long offset;

        Unlinked(Recorded unfit, long offset) {
            this.unfit = unfit;
            this.offset = offset;
        }

        @Override
        public @Nullable Broken settledBy(RawRecord later) {
            if (!Key.of(later.key()).environment().equals(environment)) {
                return null;
            }
            Recorded successor = successor(later);
            if (successor == null) {
                return unsettled();
            }
            return successor.previousDigest().equals(unfit.digest())
                    ? predecessor("event %d was altered".formatted(state.sequence()))
                    : broken(Flaw.ALTERED, next(), offset, "event %d was altered: ".formatted(next()) + link());
        }

        @Override
        public Broken unsettled() {
            return predecessor("event %d or event %d was altered".formatted(state.sequence(), next()));
        }

        private Broken predecessor(String which) {
            return broken(Flaw.ALTERED, state.sequence(), offset, before, which + ": " + link());
        }

        private String link() {
            return "event %d carries %s as the digest of event %d, which is %s"
                    .formatted(next(), unfit.previousDigest(), state.sequence(), state.digest());
        }

        private @Nullable Recorded successor(RawRecord later) {
            byte[] value = later.value();
            if (value == null) {
                return null;
            }
            try {
                Recorded decoded = EventCodec.decode(format.apply(value), later.appendedAt());
                return decoded.event().sequence() == next() + 1 ? decoded : null;
            } catch (UndecodableException e) {
                return null;
            }
        }
    }

    /**
     * What a record's key says.
     *
     * @param sequence {@link Long#MAX_VALUE} if it names none
     */
    private record Key(String environment, long sequence, String text) {
        static Key of(byte @Nullable [] key) {
            String text = key == null ? "" : new String(key, StandardCharsets.UTF_8);
            Matcher parts = KEY.matcher(text);
            return parts.matches()
                    ? new Key(parts.group(1), Long.parseLong(parts.group(2)), text)
                    : new Key(key == null ? "" : EventCodec.environmentOf(key), Long.MAX_VALUE, text);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
