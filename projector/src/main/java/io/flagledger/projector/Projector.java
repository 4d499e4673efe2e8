package io.flagledger.projector;

import static org.apache.kafka.streams.CloseOptions.GroupMembershipOperation.LEAVE_GROUP;
import static org.apache.kafka.streams.CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP;

import io.flagledger.core.codec.Head;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.kafka.LedgerId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
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
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    private final List<Consumer<Head>> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition told = lock.newCondition();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<Integer, Long> seen = new ConcurrentHashMap<>();
    private final KafkaStreams streams;
    private final Map<String, EnvironmentState> now = new ConcurrentHashMap<>();
    private final History history;
    private final History staleHistory;
    private final Placement placement;
    private final GroupMembershipOperation leaving;

    private Projector(ProjectorConfig config, LedgerId ledger) {
        PublishedHeads published = PublishedHeads.of(config.connection(), config.topics(), ledger);
        this.streams = new KafkaStreams(
                ProjectorTopology.build(config.topics(), ledger, config.connection(), published, new Told()),
                config.streams(ledger));
        this.history = History.of(streams, config.topics(), now, false);
        this.staleHistory = History.of(streams, config.topics(), now, true);
        this.placement = new Placement(streams, config);
        this.leaving = config.instanceId() == null ? LEAVE_GROUP : REMAIN_IN_GROUP;
        streams.setStateListener((now, before) -> signal());
        streams.setUncaughtExceptionHandler(e -> {
            log.error("a projector thread failed and is replaced", e);
            pauseBeforeNextTry();
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    }

    /** What failed, such as a Schema Registry that is away, is likely to fail again at once. */
    private void pauseBeforeNextTry() {
        try {
            closing.await(BETWEEN_TRIES.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Starts to project and returns at once.
     *
     * @param ledger the two topics, which must exist
     */
    public static Projector start(ProjectorConfig config, LedgerId ledger) {
        for (Path former : config.formerStores(ledger)) {
            log.info(
                    "{} holds the store of another version or ledger; nobody here needs it, delete it when it does not run",
                    former);
        }
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

    /** The past of the environments that this instance folds. */
    public History history() {
        return history;
    }

    /**
     * The past of these and of the environments that this instance only stands by for, or still restores. What it says is
     * as sound as ever, each answer of one consistent cut, but may be of an earlier head than the owner's.
     */
    public History staleHistory() {
        return staleHistory;
    }

    /** Which instance answers for which environment. */
    public Placement placement() {
        return placement;
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
     * How far this instance has gone through the events topic since its start, by partition: the offset of the last record;
     * only of partitions of which it has come by one.
     */
    public Map<Integer, Long> seen() {
        return Map.copyOf(seen);
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

    @Override
    public void close() {
        closing.countDown();
        // Who stays in the group makes the next one wait for the session to end, unless the next one has the same id.
        streams.close(CloseOptions.timeout(CLOSE_TIMEOUT).withGroupMembershipOperation(leaving));
    }

    private final class Told implements Watchers {
        @Override
        public void folded(EnvironmentState state) {
            if (state.isWhole()) {
                now.put(state.environment(), state);
            }
        }

        @Override
        public void told(Head head) {
            signal();
            listeners.forEach(listener -> listener.accept(head));
        }

        @Override
        public void seen(int partition, long offset) {
            seen.put(partition, offset);
        }

        @Override
        public void forgotten(String environment) {
            now.remove(environment);
        }
    }
}
