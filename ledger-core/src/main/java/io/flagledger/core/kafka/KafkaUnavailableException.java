package io.flagledger.core.kafka;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Kafka gave no answer, or none that could be used, within the time allowed. Nothing is known to have changed. */
public final class KafkaUnavailableException extends RuntimeException {

    /**
     * @param tried what was tried, such as {@code "append to gastown-production at localhost:9092"}
     * @param duration for how long
     */
    public KafkaUnavailableException(String tried, Duration duration, @Nullable Throwable cause) {
        super(
                String.format(
                        Locale.ROOT,
                        "could not %s: gave up after %.1f s%s",
                        tried,
                        duration.toMillis() / 1000.0,
                        cause == null ? "" : "; last: " + cause.getMessage()),
                cause);
    }
}
