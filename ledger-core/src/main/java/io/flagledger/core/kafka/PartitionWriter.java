package io.flagledger.core.kafka;

import io.flagledger.core.command.Command;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The fenced writer of one partition. Any number of threads may call it; one at a time is served, in the order they came. */
final class PartitionWriter implements AutoCloseable {
    /*
     * Rivals that take the fence from each other at once would get nothing done. So whoever loses it waits before it
     * tries again, at random and longer each time, while the other commits what it has: about 3 ms a command. Changes
     * are rare (a person clicks), so one commit a command is right.
     *
     * All of it happens on a thread of this class's own. A Kafka call may take its 5 seconds whatever the caller's
     * patience; so the caller waits for the thread, and leaves when its time is up. Nothing is interrupted half-way.
     *
     * The first append reads the partition whole, before it takes the fence from anybody. While that reading gets on, no
     * caller's time runs: a log of a million events took 47 s on two busy cores, and giving up would only mean to begin
     * again later.
     */
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.writer");
    private static final Duration CLOSING_TIMEOUT = Duration.ofSeconds(10);
    private static final long SHORTEST_PAUSE_NANOS = 20_000_000;
    private static final int MOST_DOUBLINGS = 6;

    /** What will be the same at the next try. */
    private static final List<Class<? extends KafkaException>> HOPELESS = List.of(
            AuthenticationException.class,
            AuthorizationException.class,
            ConfigException.class,
            InvalidTopicException.class,
            RecordTooLargeException.class,
            UnsupportedVersionException.class);

    private final TopicPartition partition;
    private final ExecutorService worker;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile long openingGotOn;

    /** The worker's alone. */
    private final FencedPartition fenced;

    PartitionWriter(KafkaConnection connection, TopicPartition partition) {
        this.partition = partition;
        this.fenced = new FencedPartition(connection, partition, this::openingGetsOn);
        this.openingGotOn = System.nanoTime();
        this.worker = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "flag-ledger-writer-" + partition);
            thread.setDaemon(true);
            return thread;
        });
    }

    private void openingGetsOn() {
        if (isClosing()) {
            throw closed();
        }
        openingGotOn = System.nanoTime();
    }

    long takeovers() {
        return fenced.takeovers();
    }

    AppendResult append(String environment, Command command, Duration timeout) {
        Attempt attempt = new Attempt(environment, command, timeout, () -> openingGotOn);
        Future<AppendResult> outcome;
        try {
            outcome = worker.submit(() -> append(attempt));
        } catch (RejectedExecutionException e) {
            throw closed();
        }
        try {
            return await(outcome, attempt);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (CancellationException e) {
            throw closed();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } finally {
            outcome.cancel(false); // where it has not begun; if it has, it ends by itself
            attempt.isAwaited = false;
        }
    }

    private AppendResult await(Future<AppendResult> outcome, Attempt attempt)
            throws InterruptedException, ExecutionException {
        while (true) {
            long left = attempt.deadline() - System.nanoTime();
            if (left <= 0) {
                throw attempt.unavailable();
            }
            try {
                return outcome.get(left, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                log.debug("append to {} has waited for {}", attempt.environment, attempt.timeout);
            }
        }
    }

    private AppendResult append(Attempt attempt) {
        while (attempt.isAwaited && System.nanoTime() < attempt.deadline()) {
            if (isClosing()) {
                throw closed();
            }
            attempt.tries.incrementAndGet();
            try {
                AppendResult result = fenced.tryOnce(attempt);
                if (result != null) {
                    return result;
                }
            } catch (KafkaException | KafkaUnavailableException e) {
                fenced.release();
                attempt.last = e;
                if (e instanceof KafkaUnavailableException unavailable && unavailable.isLasting()) {
                    throw unavailable;
                }
                if (e instanceof InterruptException) {
                    throw attempt.unavailable();
                }
                if (Causes.areAny(e, HOPELESS)) {
                    throw KafkaUnavailableException.refused(attempt.what(), e);
                }
                if (Fence.isLost(e)) {
                    log.debug("another writer of {} has taken over", partition);
                } else {
                    log.info("append to {} is tried again: {}", attempt.environment, e.toString());
                }
            } catch (RuntimeException e) {
                fenced.release();
                throw e;
            }
            pause(attempt);
        }
        throw attempt.unavailable();
    }

    private void pause(Attempt attempt) {
        long longest = SHORTEST_PAUSE_NANOS << Math.min(attempt.tries.get() - 1, MOST_DOUBLINGS);
        long left = attempt.deadline() - System.nanoTime();
        try {
            closing.await(Math.min(left, ThreadLocalRandom.current().nextLong(longest)), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw attempt.unavailable();
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("this writer is closed");
    }

    /** Lets the command that is being served end, within the time of a Kafka call or two, and turns away those behind it. */
    @Override
    public void close() {
        closing.countDown();
        try {
            worker.execute(fenced::close);
        } catch (RejectedExecutionException e) {
            return; // closed before
        }
        worker.shutdown();
        try {
            if (!worker.awaitTermination(CLOSING_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                log.info("what writes to {} is interrupted: it did not end in time", partition);
                worker.shutdownNow();
            }
        } catch (InterruptedException e) {
            worker.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
