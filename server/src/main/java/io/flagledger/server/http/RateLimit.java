package io.flagledger.server.http;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often each caller may ask: so many times a second in the long run, and a few seconds' worth of that at once. Any
 * number of threads may use it.
 */
final class RateLimit {
    private static final int SECONDS_AT_ONCE = 4;
    private static final int MOST_KEPT = 10_000;

    private final long perSecond;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

    /** @param perSecond 0 limits nobody */
    RateLimit(long perSecond) {
        this.perSecond = perSecond;
    }

    /**
     * Counts a request.
     *
     * @param caller a subject, or where it comes from
     * @throws ProblemException if it is one too many
     */
    void count(String caller) {
        if (perSecond == 0) {
            return;
        }
        if (buckets.size() > MOST_KEPT) {
            // who has not asked for a while has a full one, and is given another when she comes back
            buckets.values().removeIf(bucket -> bucket.getAvailableTokens() >= perSecond * SECONDS_AT_ONCE);
        }
        ConsumptionProbe probe =
                buckets.computeIfAbsent(caller, name -> bucket()).tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            long seconds = Math.max(
                    1,
                    Duration.ofNanos(probe.getNanosToWaitForRefill())
                            .plusMillis(999)
                            .toSeconds());
            throw Problem.of(
                            429,
                            "too-many-requests",
                            "Too many requests",
                            "%d a second may be asked in the long run: ask again in %d s, or have the limit raised with --rate-limit"
                                    .formatted(perSecond, seconds))
                    .retryAfter(seconds)
                    .asException();
        }
    }

    private Bucket bucket() {
        return Bucket.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(perSecond * SECONDS_AT_ONCE)
                        .refillGreedy(perSecond, Duration.ofSeconds(1))
                        .build())
                .build();
    }
}
