package io.flagledger.projector;

import io.flagledger.projector.AuditQuery.Order;
import io.flagledger.projector.StoreKeys.Tag;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** The sequences of the events with one tag, in order. To be closed. */
final class Sequences implements AutoCloseable {
    /** There is none, or none further on. */
    static final long NONE = -1;

    /** So many entries at most are passed by before seeking anew, which costs about as much. */
    private static final int LONGEST_STRIDE = 16;

    private final ReadOnlyKeyValueStore<Bytes, byte[]> store;
    private final Tag tag;
    private final String environment;
    private final String value;
    private final boolean newestFirst;
    private final long bound;
    private int stride = LONGEST_STRIDE; // shorter where passing by led nowhere
    private @Nullable KeyValueIterator<Bytes, byte[]> entries;

    /**
     * @param bound the last sequence of interest, in the order asked for
     */
    Sequences(
            ReadOnlyKeyValueStore<Bytes, byte[]> store,
            Tag tag,
            String environment,
            String value,
            Order order,
            long bound) {
        this.store = store;
        this.tag = tag;
        this.environment = environment;
        this.value = value;
        this.newestFirst = order == Order.NEWEST_FIRST;
        this.bound = bound;
    }

    /** The first sequence at the target or beyond it. Targets must never go back. */
    long seek(long target) {
        KeyValueIterator<Bytes, byte[]> open = entries;
        if (open == null) {
            return reopened(target);
        }
        for (int passed = 0; passed < stride; passed++) {
            if (!open.hasNext()) {
                return NONE;
            }
            long sequence = StoreKeys.sequenceOf(open.peekNextKey());
            if (newestFirst ? sequence <= target : sequence >= target) {
                stride = Math.min(LONGEST_STRIDE, 2 * stride);
                return sequence;
            }
            open.next();
        }
        stride = Math.max(1, stride / 4);
        return reopened(target);
    }

    private long reopened(long target) {
        close();
        if (newestFirst ? target < bound : target > bound) {
            return NONE;
        }
        Bytes from = StoreKeys.entry(tag, environment, value, target);
        Bytes to = StoreKeys.entry(tag, environment, value, bound);
        KeyValueIterator<Bytes, byte[]> opened = newestFirst ? store.reverseRange(to, from) : store.range(from, to);
        entries = opened;
        return opened.hasNext() ? StoreKeys.sequenceOf(opened.peekNextKey()) : NONE;
    }

    @Override
    public void close() {
        if (entries != null) {
            entries.close();
            entries = null;
        }
    }
}
