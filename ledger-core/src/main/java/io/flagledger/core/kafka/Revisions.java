package io.flagledger.core.kafka;

import io.flagledger.core.event.Event;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where in a partition each revision of each flag lies, and its ledger time: 16 bytes an event. For one thread. */
final class Revisions {
    private final Map<Flag, Row> rows = new HashMap<>();

    /** Adds the next revision of the event's flag. */
    void add(Event event, long offset, Instant ledgerTime) {
        rows.computeIfAbsent(new Flag(event.environment(), event.flag()), flag -> new Row())
                .add(offset, ledgerTime.toEpochMilli());
    }

    /** The offset of a revision; -1 if there is no such. */
    long offset(String environment, String flag, long revision) {
        Row row = rows.get(new Flag(environment, flag));
        return row == null || revision < 1 || revision > row.size ? -1 : row.offsets[(int) revision - 1];
    }

    /** The ledger time of an event that was added. */
    @Nullable
    Instant ledgerTime(Event event) {
        Row row = rows.get(new Flag(event.environment(), event.flag()));
        return row == null || event.revision() > row.size
                ? null
                : Instant.ofEpochMilli(row.times[(int) event.revision() - 1]);
    }

    private record Flag(String environment, String key) {}

    private static final class Row {
        private long[] offsets = new long[2];
        private long[] times = new long[2];
        private int size;

        void add(long offset, long time) {
            if (size == offsets.length) {
                int longer = Math.addExact(size, size / 2 + 1);
                offsets = Arrays.copyOf(offsets, longer);
                times = Arrays.copyOf(times, longer);
            }
            offsets[size] = offset;
            times[size++] = time;
        }
    }
}
