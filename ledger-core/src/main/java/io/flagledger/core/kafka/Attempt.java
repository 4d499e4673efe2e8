package io.flagledger.core.kafka;

import io.flagledger.core.command.Command;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One call of somebody who waits. */
final class Attempt {
    final String environment;
    final Command command;
    final Duration timeout;
    final long started = System.nanoTime();
    volatile boolean isAwaited = true;
    final AtomicInteger tries = new AtomicInteger();
    volatile @Nullable RuntimeException last;
    boolean mayBeCommitted;
    private final LongSupplier idleSince;

    /** @param idleSince the time up to which nobody's time runs */
    Attempt(String environment, Command command, Duration timeout, LongSupplier idleSince) {
        this.environment = environment;
        this.command = command;
        this.timeout = timeout;
        this.idleSince = idleSince;
    }

    /** Until when it is worth going on with. */
    long deadline() {
        return Math.max(started, idleSince.getAsLong()) + timeout.toNanos();
    }

    String what() {
        return "append to " + environment;
    }

    KafkaUnavailableException unavailable() {
        return KafkaUnavailableException.after(
                tries.get(), what(), Duration.ofNanos(System.nanoTime() - started), last);
    }
}
