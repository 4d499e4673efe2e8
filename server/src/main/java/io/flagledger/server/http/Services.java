package io.flagledger.server.http;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.projector.Projector;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.NotReadyException;
import io.flagledger.sdk.admission.AdmissionKeys;
import io.flagledger.server.LiveEnvironments;
import io.flagledger.server.Proofs;
import io.flagledger.server.auth.Authenticator;
import io.flagledger.server.metrics.ServerMetrics;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What answers come from.
 *
 * @param environment the one shown first
 * @param writer null without the console's role
 * @param projector null without the projector's role
 * @param admissionKeys null where admissions are not given
 */
public record Services(
        String environment,
        Self self,
        @Nullable LedgerWriter writer,
        LiveEnvironments live,
        @Nullable Projector projector,
        Authenticator authenticator,
        @Nullable AdmissionKeys admissionKeys,
        ServerMetrics metrics,
        Proofs proofs) {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The environments that this instance knows: those it has the past of, those written to here, and the one shown first. */
    SortedSet<String> environments() {
        SortedSet<String> names = live.names();
        if (projector != null && projector.isRunning()) {
            names.addAll(projector.history().environments());
        }
        return names;
    }

    /**
     * The flags of an environment, known at least up to a sequence.
     *
     * @throws ProblemException if there is no such environment, or the sequence is not reached in time
     */
    FlagLedger flags(String name, long atLeast) throws InterruptedException {
        return find(name, atLeast)
                .orElseThrow(() -> Problem.notFound(
                                "there is no environment '%s'; the first change makes one, and GET /api/v1/environments lists those there are"
                                        .formatted(name))
                        .asException());
    }

    /**
     * The same; nothing if there is no such environment.
     *
     * @throws ProblemException if the sequence is not reached in time
     */
    Optional<FlagLedger> find(String name, long atLeast) throws InterruptedException {
        Optional<FlagLedger> found = live.find(name, PATIENCE);
        if (found.isEmpty()) {
            return found;
        }
        FlagLedger flags = found.get();
        if (!flags.awaitSequence(atLeast, PATIENCE)) {
            throw Problem.unavailable("%s is at sequence %d; %d was not seen within %d s"
                            .formatted(name, flags.state().sequence(), atLeast, PATIENCE.toSeconds()))
                    .asException();
        }
        return found;
    }

    /**
     * The past of an environment that this instance folds: it tells of everything that its flags take into account, unless
     * it is stopped.
     *
     * @throws ProblemException if there is no such environment, or the past does not come so far in time
     */
    Past past(String name, long atLeast) throws InterruptedException {
        Projector here = requireNonNull(projector, "projector");
        long sequence = flags(name, atLeast).state().sequence();
        Past past = new Past(name, here.history(), false);
        // One that is stopped will come no further; the answer says so.
        if (past.stopped().isEmpty() && !here.awaitSequence(name, sequence, PATIENCE)) {
            throw Problem.unavailable("the history of %s has not come to sequence %d within %d s"
                            .formatted(name, sequence, PATIENCE.toSeconds()))
                    .asException();
        }
        return past;
    }

    /**
     * The past of an environment as far as this instance has it by now, as its owner or beside it.
     *
     * @throws ProblemException if it has not come so far
     */
    Past stalePast(String name, long atLeast) throws InterruptedException {
        flags(name, 0);
        Past past = new Past(name, requireNonNull(projector, "projector").staleHistory(), true);
        long sequence = past.sequence();
        if (sequence < Math.max(1, atLeast) && past.stopped().isEmpty()) {
            throw Problem.unavailable("the copy of %s at %s has come to sequence %d, not to %d: ask without stale=true"
                            .formatted(name, self.id(), sequence, Math.max(1, atLeast)))
                    .asException();
        }
        return past;
    }

    /** Waits until the flags of the first environment are known and the history can be asked. */
    public boolean awaitReady(Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        try {
            live.follow(environment).awaitReady(longest);
        } catch (NotReadyException e) {
            return false;
        }
        return projector == null || projector.awaitRunning(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }
}
