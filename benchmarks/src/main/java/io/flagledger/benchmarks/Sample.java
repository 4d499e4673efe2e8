package io.flagledger.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** Durations of one kind, of which quantiles are told. For one thread. */
final class Sample {
    private final String name;
    private final long[] nanos;
    private int size;

    Sample(String name, int capacity) {
        this.name = name;
        this.nanos = new long[capacity];
    }

    void add(long duration) {
        nanos[size++] = duration;
    }

    /** The duration that this share of all durations does not exceed, in milliseconds (nearest rank). */
    double millis(double share) {
        long[] sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * size) - 1)] / 1e6;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%-44s n=%d  p50 %6.2f ms  p90 %6.2f ms  p99 %6.2f ms  max %6.2f ms",
                name,
                size,
                millis(0.5),
                millis(0.9),
                millis(0.99),
                millis(1));
    }
}
