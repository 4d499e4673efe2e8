package io.flagledger.sdk;

import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.fold.EnvironmentState;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The view that answers come from, swapped as a whole, and those who wait for the next. One volatile read gives one
 * consistent cut.
 */
final class Views {
    /*
     * Two threads swap views: the one that follows, when events have come, and the one that watches the time, when flags
     * fail or no longer do. Both do so under the lock. What is served is what is known, but for the flags that fail.
     *
     * What changed is gathered until the listeners' own thread takes it, so that a slow listener keeps nobody from
     * following, and no memory grows while it is slow.
     */
    private final FailModes failModes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final List<Consumer<FlagsChanged>> listeners = new CopyOnWriteArrayList<>();
    private volatile CompiledEnvironment known;
    private volatile CompiledEnvironment served;
    private volatile boolean stale = true;
    private volatile Set<String> unknown = Set.of();
    private volatile Served cut; // these three as one
    private boolean failing;
    private volatile @Nullable FlagsChanged untold;

    Views(String environment, FailModes failModes) {
        this.failModes = failModes;
        known = CompiledEnvironment.of(EnvironmentState.empty(environment));
        served = known;
        cut = new Served(served, stale, unknown);
    }

    /** What answers come from. */
    CompiledEnvironment served() {
        return served;
    }

    /** What answers come from, with what is to be said of it. */
    Served cut() {
        return cut;
    }

    /** What the ledger's events made, whether served as it is or not. */
    CompiledEnvironment known() {
        return known;
    }

    /** Whether newer events may exist, as judged last. */
    boolean isStale() {
        return stale;
    }

    /** Whether the flag is taken to be unknown just now, though it is served. */
    boolean isUnknown(String flag) {
        return unknown.contains(flag);
    }

    /** Takes over what the health says by now. */
    void judge(Health health) {
        lock.lock();
        try {
            boolean nowStale = health.isStale();
            boolean nowFailing = !failModes.modes().isEmpty() && health.isAnswering() && health.isTooStale();
            if (failing != nowFailing) {
                failing = nowFailing;
                serve(known, failModes.flags());
            }
            if (stale != nowStale) {
                stale = nowStale;
                cut = new Served(served, stale, unknown);
                moved.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Goes on to a later state of the same ledger. */
    void publish(EnvironmentState state, Set<String> changed) {
        lock.lock();
        try {
            known = known.next(state, changed);
            serve(known, changed);
        } finally {
            lock.unlock();
        }
    }

    /** Goes over to a state that has nothing to do with the one before. */
    void replace(EnvironmentState state) {
        lock.lock();
        try {
            Set<String> all = new HashSet<>(known.state().flags().sortedKeys());
            all.addAll(state.flags().sortedKeys());
            known = CompiledEnvironment.of(state);
            serve(known, all);
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    private void serve(CompiledEnvironment now, Set<String> changed) {
        CompiledEnvironment before = served;
        unknown = failing ? failModes.unknown() : Set.of();
        served = failing ? failModes.applied(now) : now;
        cut = new Served(served, stale, unknown);
        if (!listeners.isEmpty()) {
            FlagsChanged earlier = untold;
            Set<String> all = new HashSet<>(changed);
            if (earlier != null) {
                all.addAll(earlier.changed());
            }
            untold = new FlagsChanged(earlier == null ? before : earlier.before(), served, all);
        }
        moved.signalAll();
    }

    void listen(Consumer<FlagsChanged> listener) {
        listeners.add(listener);
    }

    void unlisten(Consumer<FlagsChanged> listener) {
        listeners.remove(listener);
    }

    boolean hasUntold() {
        return untold != null;
    }

    /** Tells the listeners what they have not been told, each through the given way of calling it. */
    void tell(Consumer<Runnable> calling) {
        FlagsChanged change;
        lock.lock();
        try {
            change = untold;
            untold = null;
        } finally {
            lock.unlock();
        }
        if (change != null) {
            listeners.forEach(listener -> calling.accept(() -> listener.accept(change)));
        }
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
