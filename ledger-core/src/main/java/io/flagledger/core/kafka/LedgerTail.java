package io.flagledger.core.kafka;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.fold.EnvironmentState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.errors.WakeupException;

/**
 * An environment's events as they come. Whoever wants them asks again and again; between two calls nothing is missed and
 * nothing goes on. Any number of threads may use it, one at a time gets through; {@link #close} ends a wait of another.
 */
public final class LedgerTail implements AutoCloseable {
    private final EnvironmentReader reader;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean closed;

    LedgerTail(EnvironmentReader reader) {
        this.reader = requireNonNull(reader, "reader");
    }

    /**
     * Waits for events and returns them, oldest first, as soon as there are any; none if there are none within the time,
     * if all that was wanted is there already, or once this is closed.
     *
     * @throws StoppedException if the ledger is damaged, replaced or was written by a newer version, after the events
     *     before
     * @throws KafkaUnavailableException if Kafka does not answer any more. Asking again is allowed, and goes on where
     *     this ended.
     */
    public List<EventRecord> poll(Duration longest) {
        List<EventRecord> events = new ArrayList<>();
        lock.lock();
        try {
            long deadline = System.nanoTime() + longest.toNanos();
            long left = longest.toNanos();
            while (!closed && events.isEmpty() && !reader.hasEnough() && left >= 0) {
                boolean moved = reader.poll(Duration.ofNanos(left), events::add);
                if (!moved) {
                    reader.refuseSilence();
                }
                left = deadline - System.nanoTime();
            }
        } catch (WakeupException e) {
            // closed
        } finally {
            lock.unlock();
        }
        return events;
    }

    /** The state after the last event that was returned. */
    public EnvironmentState state() {
        lock.lock();
        try {
            return reader.state();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the last event of those that were wanted was returned. */
    public boolean isDone() {
        lock.lock();
        try {
            return reader.hasEnough();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        reader.wakeUp();
        lock.lock();
        try {
            reader.close();
        } finally {
            lock.unlock();
        }
    }
}
