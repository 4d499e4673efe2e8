package io.flagledger.core.event;

/**
 * An event's place among the events that were accepted together and are seen together.
 *
 * @param index from 0
 * @param size at least 1
 */
public record Batch(int index, int size) {
    public Batch {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("event %d of a batch of %d".formatted(index, size));
        }
    }

    /** How many events of the batch are still to come. */
    public int remaining() {
        return size - 1 - index;
    }
}
