package io.flagledger.sdk;

import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.fold.EnvironmentState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The view that answers come from, swapped as a whole by the one thread that follows, and those who wait for the next.
 * One volatile read gives one consistent cut.
 */
final class Views {
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.evaluator");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final List<Consumer<FlagsChanged>> listeners = new CopyOnWriteArrayList<>();
    private volatile CompiledEnvironment current;
    private volatile boolean stale = true;

    Views(String environment) {
        current = CompiledEnvironment.of(EnvironmentState.empty(environment));
    }

    CompiledEnvironment current() {
        return current;
    }

    boolean isStale() {
        return stale;
    }

    void stale(boolean now) {
        if (stale != now) {
            stale = now;
            signal();
        }
    }

    void publish(EnvironmentState state, Set<String> changed) {
        CompiledEnvironment before = current;
        current = before.next(state, changed);
        signal();
        FlagsChanged change = new FlagsChanged(before, current, changed);
        for (Consumer<FlagsChanged> listener : listeners) {
            try {
                listener.accept(change);
            } catch (RuntimeException | Error e) { // an assertion of theirs must not end our following
                log.warn("a listener failed at sequence {}", state.sequence(), e);
            }
        }
    }

    Runnable listen(Consumer<FlagsChanged> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Waits until the condition holds; false if it does not in time. */
    boolean await(BooleanSupplier condition, Duration longest) throws InterruptedException {
        long left = longest.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean() && left > 0) {
                left = moved.awaitNanos(left);
            }
            return condition.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    void signal() {
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
