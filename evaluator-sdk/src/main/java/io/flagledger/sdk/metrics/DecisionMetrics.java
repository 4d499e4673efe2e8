package io.flagledger.sdk.metrics;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.sdk.ExposureListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts answers as {@code flag.ledger.decisions}, by {@code flag}, {@code variant} and {@code reason}; given to {@link
 * io.flagledger.sdk.FlagLedgerConfig#withExposures}. Of a sample it counts the sample. Nothing of the subject is kept.
 */
public final class DecisionMetrics implements ExposureListener {
    private final MeterRegistry registry;
    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();

    public DecisionMetrics(MeterRegistry registry) {
        this.registry = requireNonNull(registry, "registry");
    }

    @Override
    public void exposed(Subject subject, Decision decision) {
        // Whoever asks for flags that are not there makes up their names: those are one.
        boolean known = decision.revision() > 0;
        Key key = new Key(
                known ? decision.flag() : "unknown",
                decision.variant(),
                decision.reason().name());
        counters.computeIfAbsent(key, this::counter).increment();
    }

    private Counter counter(Key key) {
        return Counter.builder("flag.ledger.decisions")
                .description("Answers that were given, or the sample of them")
                .tag("flag", key.flag())
                .tag("variant", key.variant() == null ? "none" : key.variant())
                .tag("reason", key.reason())
                .register(registry);
    }

    private record Key(String flag, @Nullable String variant, String reason) {}
}
