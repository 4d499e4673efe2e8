package io.flagledger.core.proof;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.codec.EncodedEvent;
import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.event.Digest;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The records of one environment as they lie in a topic, and all that somebody might do to them. Each deed makes another. */
@SuppressWarnings("NullAway") // it does not see in class files which arrays may be null
public record RawLedger(List<RawRecord> records) {
    private static final int HEADER_LENGTH = 10;

    public RawLedger {
        records = List.copyOf(records);
    }

    public static RawLedger of(List<Recorded> events) {
        List<RawRecord> records = new ArrayList<>();
        for (Recorded recorded : events) {
            Event event = recorded.event();
            records.add(new RawRecord(
                    EventCodec.key(event.environment(), event.sequence()),
                    EventCodec.encode(event, recorded.previousDigest()).value(),
                    recorded.appendedAt(),
                    records.size()));
        }
        return new RawLedger(records);
    }

    public int size() {
        return records.size();
    }

    public Recorded event(long sequence) {
        RawRecord raw = at(sequence);
        return EventCodec.decode(requireNonNull(raw.value()), raw.appendedAt());
    }

    /** How many bits the value of this event has. */
    public int bits(long sequence) {
        return requireNonNull(at(sequence).value()).length * 8;
    }

    public RawLedger flip(long sequence, int bit) {
        byte[] value = requireNonNull(at(sequence).value()).clone();
        value[bit / 8] ^= (byte) (1 << (bit % 8));
        return with(sequence, value);
    }

    /** Flips the lowest bit of the first of these bytes, wherever they stand in the event. */
    public RawLedger flipIn(long sequence, byte[] part) {
        byte[] value = requireNonNull(at(sequence).value());
        for (int i = HEADER_LENGTH; i + part.length <= value.length; i++) {
            if (Arrays.equals(value, i, i + part.length, part, 0, part.length)) {
                return flip(sequence, i * 8);
            }
        }
        throw new AssertionError("event %d does not hold these bytes".formatted(sequence));
    }

    public RawLedger without(long sequence) {
        List<RawRecord> fewer = new ArrayList<>(records);
        fewer.remove(at(sequence));
        return renumbered(fewer);
    }

    public RawLedger first(int count) {
        return new RawLedger(records.subList(0, count));
    }

    public RawLedger swapped(long one, long other) {
        List<RawRecord> swapped = new ArrayList<>(records);
        swapped.set(index(one), at(other));
        swapped.set(index(other), at(one));
        return renumbered(swapped);
    }

    /** The event's bytes under another key. */
    public RawLedger moved(long sequence, byte[] key) {
        RawRecord raw = at(sequence);
        return replaced(sequence, new RawRecord(key, raw.value(), raw.appendedAt(), raw.offset()));
    }

    public RawLedger with(long sequence, byte @Nullable [] value) {
        RawRecord raw = at(sequence);
        return replaced(sequence, new RawRecord(raw.key(), value, raw.appendedAt(), raw.offset()));
    }

    public RawLedger plus(byte[] key, byte @Nullable [] value) {
        List<RawRecord> more = new ArrayList<>(records);
        Instant last = records.get(records.size() - 1).appendedAt();
        more.add(new RawRecord(key, value, last, 0));
        return renumbered(more);
    }

    public RawLedger plus(RawLedger others) {
        List<RawRecord> more = new ArrayList<>(records);
        more.addAll(others.records);
        return renumbered(more);
    }

    /** Another event in the place of one, and new links from there to another's, which is the first that is left as it was. */
    public RawLedger rewritten(long from, long until, UnaryOperator<Event> change) {
        RawLedger written = this;
        Digest previous = event(from).previousDigest();
        for (long sequence = from; sequence < until; sequence++) {
            Event event = event(sequence).event();
            EncodedEvent encoded = EventCodec.encode(sequence == from ? change.apply(event) : event, previous);
            written = written.with(sequence, encoded.value());
            previous = encoded.digest();
        }
        return written;
    }

    /** The same records, appended at other times. */
    public RawLedger retimed(UnaryOperator<Instant> times) {
        return new RawLedger(records.stream()
                .map(raw -> new RawRecord(raw.key(), raw.value(), times.apply(raw.appendedAt()), raw.offset()))
                .toList());
    }

    /** The same event with another reason. */
    public static UnaryOperator<Event> reason(String reason) {
        return event -> new Event(
                event.environment(),
                event.sequence(),
                event.revision(),
                event.occurredAt(),
                event.actor(),
                reason,
                event.changeId(),
                event.batch(),
                event.change());
    }

    private RawLedger replaced(long sequence, RawRecord by) {
        List<RawRecord> changed = new ArrayList<>(records);
        changed.set(index(sequence), by);
        return new RawLedger(changed);
    }

    private RawRecord at(long sequence) {
        return records.get(index(sequence));
    }

    private static int index(long sequence) {
        return (int) sequence - 1;
    }

    private static RawLedger renumbered(List<RawRecord> records) {
        List<RawRecord> renumbered = new ArrayList<>();
        for (RawRecord raw : records) {
            renumbered.add(new RawRecord(raw.key(), raw.value(), raw.appendedAt(), renumbered.size()));
        }
        return new RawLedger(renumbered);
    }
}
