package io.flagledger.benchmarks.chaos;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.kafka.AppendOptions;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.KafkaUnavailableException;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Changes one environment all the time, and sends again what has no answer, under the same change id, until it has one. */
final class SteadyWriter {
    private static final Duration APPEND_TIMEOUT = Duration.ofSeconds(3);

    private final KafkaConnection connection;
    private final String environment;
    private final int changesPerSecond;
    private final Editor editor;
    private final KnownStates known = new KnownStates();
    private final ConcurrentNavigableMap<Long, Long> acknowledged = new ConcurrentSkipListMap<>();
    private final Thread thread = new Thread(this::run, "writer");
    private volatile boolean ending;
    private volatile @Nullable RuntimeException failed;
    private long unavailable;
    private long lastAcknowledged;

    SteadyWriter(String bootstrapServers, String environment, int changesPerSecond, long seed) {
        this.connection = KafkaConnection.of(bootstrapServers);
        this.environment = environment;
        this.changesPerSecond = changesPerSecond;
        this.editor = new Editor(seed);
    }

    void start() {
        thread.start();
    }

    /** Returns when the last change is acknowledged. */
    void end() throws InterruptedException {
        ending = true;
        thread.join();
        if (failed != null) {
            throw requireNonNull(failed);
        }
    }

    /** What the environment was at each position; complete after the end. */
    KnownStates known() {
        return known;
    }

    /** The sequence that was the last by each moment of the machine's clock at which an append returned. */
    ConcurrentNavigableMap<Long, Long> acknowledged() {
        return acknowledged;
    }

    long lastAcknowledged() {
        return lastAcknowledged;
    }

    /** How often an append found Kafka unavailable. */
    long unavailable() {
        return unavailable;
    }

    private void run() {
        long began = System.nanoTime();
        try (LedgerWriter writer = LedgerWriter.open(connection, LedgerTopics.DEFAULT, WriterProcess.PATIENCE)) {
            for (int i = 0; !ending; i++) {
                append(writer, "steady-" + i, editor.changes(known.last(environment)));
                long due = began + i * 1_000_000_000L / changesPerSecond;
                if (System.nanoTime() - due > 1_000_000_000L) {
                    began += System.nanoTime() - due; // what was missed while Kafka was away is not made up for
                }
                LockSupport.parkNanos(due - System.nanoTime());
            }
        } catch (RuntimeException e) {
            failed = e;
        }
    }

    private void append(LedgerWriter writer, String changeId, List<Change> changes) {
        AppendOptions options = AppendOptions.DEFAULT.withChangeId(changeId).withTimeout(APPEND_TIMEOUT);
        while (true) {
            try {
                AppendResult result = writer.append(environment, Actor.service("chaos"), "chaos", changes, options);
                if (!(result instanceof AppendResult.Accepted done)) {
                    throw new IllegalStateException("what fits the state was refused: " + result);
                }
                lastAcknowledged = System.nanoTime();
                known.add(environment, done.events());
                acknowledged.put(lastAcknowledged, done.sequence());
                return;
            } catch (KafkaUnavailableException e) {
                unavailable++;
            }
        }
    }
}
