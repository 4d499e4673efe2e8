package io.flagledger.projector;

import static org.apache.kafka.streams.CloseOptions.GroupMembershipOperation.LEAVE_GROUP;

import io.flagledger.core.codec.Head;
import io.flagledger.core.kafka.LedgerId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the ledger into the state topic and into stores that answer questions, exactly once. Any number of instances may
 * share the work; this one answers for the partitions that it holds.
 */
public final class Projector implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.projector");
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final List<Consumer<Head>> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition told = lock.newCondition();
    private final KafkaStreams streams;
    private final History history;

    private Projector(ProjectorConfig config, LedgerId ledger) {
        this.streams = new KafkaStreams(
                ProjectorTopology.build(config.topics(), ledger, config.connection(), this::tell),
                config.streams(ledger));
        this.history = new History(streams, config.topics());
        streams.setStateListener((now, before) -> signal());
        streams.setUncaughtExceptionHandler(e -> {
            log.error("a projector thread failed and is replaced", e);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    }

    /**
     * Starts to project and returns at once.
     *
     * @param ledger the two topics, which must exist
     */
    public static Projector start(ProjectorConfig config, LedgerId ledger) {
        Projector projector = new Projector(config, ledger);
        projector.streams.start();
        return projector;
    }

    /** Whether all partitions of this instance are being projected; false while they are restored or moved. */
    public boolean isRunning() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** What the projector is doing, in Kafka Streams' words. */
    public String state() {
        return streams.state().name();
    }

    public History history() {
        return history;
    }

    /**
     * Tells a listener of each new head, once its events can be asked for; on the thread that projects, so be quick.
     * After a fault it may be told of a head again.
     *
     * @return what ends it
     */
    public Runnable onHead(Consumer<Head> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /**
     * Waits until the history of an environment can tell of an event.
     *
     * @return whether it can; false if the time was not enough
     */
    public boolean awaitSequence(String environment, long sequence, Duration longest) throws InterruptedException {
        long left = longest.toNanos();
        lock.lock();
        try {
            while (history.head(environment).map(Head::sequence).orElse(0L) < sequence) {
                if (left <= 0) {
                    return false;
                }
                left = told.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the projector runs.
     *
     * @return whether it does; false if the time was not enough
     */
    public boolean awaitRunning(Duration longest) throws InterruptedException {
        long left = longest.toNanos();
        lock.lock();
        try {
            while (!isRunning() && left > 0) {
                left = told.awaitNanos(left);
            }
            return isRunning();
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        lock.lock();
        try {
            told.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void tell(Head head) {
        signal();
        listeners.forEach(listener -> listener.accept(head));
    }

    @Override
    public void close() {
        // Who stays in the group makes the next one wait for the session to end.
        streams.close(CloseOptions.timeout(CLOSE_TIMEOUT).withGroupMembershipOperation(LEAVE_GROUP));
    }
}
