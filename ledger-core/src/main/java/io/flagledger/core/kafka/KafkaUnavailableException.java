package io.flagledger.core.kafka;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Kafka, or a Schema Registry without which it is of no use, gave no answer, or none that could be used, within the time
 * allowed; or it refuses, so that asking again would not help. What was asked for may have happened or not, if it changes anything.
 */
public final class KafkaUnavailableException extends RuntimeException {
    private final boolean lasting;

    /**
     * @param tried what was tried, such as {@code "append to gastown-production at localhost:9092"}
     * @param duration for how long
     */
    public KafkaUnavailableException(String tried, Duration duration, @Nullable Throwable cause) {
        this(message(tried, "gave up after " + seconds(duration), cause), cause, false);
    }

    private KafkaUnavailableException(String message, @Nullable Throwable cause, boolean lasting) {
        super(message, cause);
        this.lasting = lasting;
    }

    /** After several tries; none if the turn never came. */
    static KafkaUnavailableException after(int tries, String tried, Duration duration, @Nullable Throwable cause) {
        String how = switch (tries) {
            case 0 -> "waiting for the changes before it";
            case 1 -> "in 1 try";
            default -> "in " + tries + " tries";
        };
        return new KafkaUnavailableException(
                message(tried, "gave up after " + seconds(duration) + " " + how, cause), cause, false);
    }

    /** Kafka's answer will be the same until somebody mends something. */
    static KafkaUnavailableException refused(String tried, Throwable cause) {
        return refused(tried, "Kafka", cause);
    }

    /** Somebody's answer will be the same until somebody mends something. */
    static KafkaUnavailableException refused(String tried, String who, Throwable cause) {
        return new KafkaUnavailableException(message(tried, who + " refuses and will again", cause), cause, true);
    }

    /** Whether the answer will be the same until somebody mends something. */
    public boolean isLasting() {
        return lasting;
    }

    private static String message(String tried, String how, @Nullable Throwable cause) {
        return "could not %s: %s%s".formatted(tried, how, cause == null ? "" : "; last: " + cause.getMessage());
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
