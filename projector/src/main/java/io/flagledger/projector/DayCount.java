package io.flagledger.projector;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How many changes of one kind one actor made on one day. The only entry of the past that is written over, and so it keeps
 * the count before beside the last one: whoever read the head a moment ago finds the count as of that head.
 *
 * @param before the count as of {@code beforeSequence}
 * @param count as of {@code sequence}
 */
record DayCount(long beforeSequence, long before, long sequence, long count) {
    private static final DayCount NONE = new DayCount(0, 0, 0, 0);

    static DayCount read(byte @Nullable [] stored) {
        if (stored == null) {
            return NONE;
        }
        ByteBuffer bytes = ByteBuffer.wrap(stored);
        return new DayCount(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    byte[] write() {
        return ByteBuffer.allocate(4 * Long.BYTES)
                .putLong(beforeSequence)
                .putLong(before)
                .putLong(sequence)
                .putLong(count)
                .array();
    }

    DayCount plus(int more, long at) {
        return new DayCount(sequence, count, at, count + more);
    }

    /** The count as of a head; nothing if it was overtaken twice since. */
    OptionalLong at(long head) {
        if (sequence <= head) {
            return OptionalLong.of(count);
        }
        return beforeSequence <= head ? OptionalLong.of(before) : OptionalLong.empty();
    }
}
