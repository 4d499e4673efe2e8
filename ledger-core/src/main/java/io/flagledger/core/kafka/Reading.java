package io.flagledger.core.kafka;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.fold.EnvironmentState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which part of an environment's ledger is wanted. The events before it are read and folded as well, only not handed out,
 * since an event can be checked, and means something, only after the state that it follows. Who has that state already,
 * from an earlier read or a snapshot, gives it as the base.
 *
 * @param base the state to start from; null starts where nothing has happened
 * @param offset where the event after the base lies, or some record before it
 * @param first the sequence of the first event wanted
 * @param since the ledger time of the first event wanted
 * @param last the sequence of the last event wanted
 * @param progress is told how far the read has come
 */
public record Reading(
        @Nullable EnvironmentState base, long offset, long first, Instant since, long last, Progress progress) {
    /** Everything. */
    public static final Reading ALL = new Reading(null, 0, 1, Instant.MIN, Long.MAX_VALUE, Progress.NONE);

    public Reading {
        requireNonNull(since, "since");
        requireNonNull(progress, "progress");
        if (offset < 0) {
            throw new IllegalArgumentException("offsets begin at 0, but this one is " + offset);
        }
    }

    /** Only events with this sequence or a later one. */
    public Reading from(long sequence) {
        return new Reading(base, offset, sequence, since, last, progress);
    }

    /** Only events with this ledger time or a later one. */
    public Reading since(Instant time) {
        return new Reading(base, offset, first, time, last, progress);
    }

    /** Only events with this sequence or an earlier one. */
    public Reading upTo(long sequence) {
        return new Reading(base, offset, first, since, sequence, progress);
    }

    /**
     * Only events behind this state. They are looked for from the beginning, by their keys: what the state was made of is
     * passed over unread.
     */
    public Reading after(EnvironmentState state) {
        return after(state, 0);
    }

    /**
     * Only events behind this state.
     *
     * @param at an offset at or before that of the next event, from which on it is looked for
     */
    public Reading after(EnvironmentState state, long at) {
        return new Reading(requireNonNull(state, "state"), at, first, since, last, progress);
    }

    /** Only events behind this one. */
    public Reading after(EventRecord event) {
        return after(event.after(), event.offset() + 1);
    }

    /** The same, with somebody told how far it has come. */
    public Reading telling(Progress other) {
        return new Reading(base, offset, first, since, last, other);
    }

    boolean wants(EventRecord event) {
        return event.sequence() >= first && !event.after().ledgerTime().isBefore(since);
    }

    EnvironmentState start(String environment) {
        return base == null ? EnvironmentState.empty(environment) : base;
    }
}
