package io.flagledger.server;

import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerVerifier;
import io.flagledger.core.kafka.Progress;
import io.flagledger.core.proof.Checkpoint;
import io.flagledger.core.proof.Checkpoints;
import io.flagledger.core.proof.SignedCheckpoint;
import io.flagledger.core.proof.SigningKey;
import io.flagledger.core.proof.Verification;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Walks ledgers to prove them. A walk reads all of a ledger, so there is one at a time, and what it found is told again
 * while nothing was added. Any number of threads may use it.
 */
public final class Proofs implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** A proof of an unchanged ledger is made anew after this time, in case somebody changed what was there. */
    private static final Duration LASTS = Duration.ofMinutes(1);
    /** However fast a ledger grows, it is not walked more often. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final LedgerVerifier verifier;
    private final @Nullable SigningKey key;
    private final Map<String, CompletableFuture<Optional<Proof>>> walks = new ConcurrentHashMap<>();
    private final ExecutorService walker = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "flag-ledger-proofs");
        thread.setDaemon(true);
        return thread;
    });

    Proofs(KafkaConnection connection, LedgerTopics topics, @Nullable SigningKey key) {
        this.verifier = new LedgerVerifier(connection, topics, PATIENCE);
        this.key = key;
    }

    /**
     * What a walk found.
     *
     * @param ledgerId Kafka's id of the events topic
     * @param checkedAt when the walk ended
     */
    public record Proof(Verification verification, String ledgerId, Instant checkedAt) {
        private boolean isNewEnough(long head, Instant now) {
            Duration age = Duration.between(checkedAt, now);
            return age.compareTo(PAUSE) < 0 || (verification.extent().sequence() >= head && age.compareTo(LASTS) < 0);
        }
    }

    /**
     * A proof of an environment that is new enough.
     *
     * @param head the last event that is known of; a proof that goes as far is new enough for a while
     * @return nothing if there is no ledger
     * @throws TimeoutException if the walk takes longer; it goes on, and who comes back finds what it found
     * @throws io.flagledger.core.kafka.KafkaUnavailableException if Kafka does not answer
     */
    public Optional<Proof> proof(String environment, long head, Duration longest)
            throws InterruptedException, TimeoutException {
        CompletableFuture<Optional<Proof>> walk = walks.compute(
                environment,
                (name, known) -> known != null && (!known.isDone() || isNewEnough(known, head)) ? known : walk(name));
        try {
            return walk.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            walks.remove(environment, walk);
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        }
    }

    /** Signs what a proof found; nothing if there is no key to sign with. */
    public Optional<SignedCheckpoint> sign(Proof proof) {
        return key == null
                ? Optional.empty()
                : Optional.of(key.sign(Checkpoint.of(
                        proof.ledgerId(),
                        proof.verification().extent(),
                        Instant.now().truncatedTo(ChronoUnit.MILLIS))));
    }

    /** The key that verifies checkpoints signed here, as PEM; nothing if there is none. */
    public Optional<String> publicKey() {
        return Optional.ofNullable(key).map(own -> own.verifyingKey().toPem());
    }

    private CompletableFuture<Optional<Proof>> walk(String environment) {
        return CompletableFuture.supplyAsync(
                () -> verifier.verify(environment, Checkpoints.NONE, Progress.NONE)
                        .map(outcome -> new Proof(outcome.verification(), outcome.ledgerId(), Instant.now())),
                walker);
    }

    private static boolean isNewEnough(CompletableFuture<Optional<Proof>> done, long head) {
        if (done.isCompletedExceptionally()) {
            return false;
        }
        Optional<Proof> proof = done.join();
        return proof.isPresent() && proof.get().isNewEnough(head, Instant.now());
    }

    @Override
    public void close() {
        walker.shutdownNow();
    }
}
