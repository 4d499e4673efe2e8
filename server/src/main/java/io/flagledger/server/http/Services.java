package io.flagledger.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.projector.History;
import io.flagledger.projector.Projector;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.NotReadyException;
import io.flagledger.server.LiveEnvironments;
import java.time.Duration;
import java.util.SortedSet;

/**
 * What answers come from.
 *
 * @param environment the one shown first
 */
public record Services(String environment, LedgerWriter writer, LiveEnvironments live, Projector projector) {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The environments that exist: those with a history, those written to here, and the one shown first. */
    SortedSet<String> environments() {
        SortedSet<String> names = live.names();
        names.addAll(projector.history().environments());
        return names;
    }

    /**
     * @throws ProblemException if there is no such environment
     */
    void requireEnvironment(String name) {
        if (!live.names().contains(name) && projector.history().head(name).isEmpty()) {
            throw Problem.notFound("there is no environment '%s', only %s; the first change makes one"
                            .formatted(name, environments()))
                    .asException();
        }
    }

    /**
     * The flags of an environment, known at least up to a sequence.
     *
     * @throws ProblemException if there is no such environment, or the sequence is not reached in time
     */
    FlagLedger flags(String name, long atLeast) throws InterruptedException {
        requireEnvironment(name);
        FlagLedger flags = live.follow(name);
        flags.awaitReady(PATIENCE);
        if (!flags.awaitSequence(atLeast, PATIENCE)) {
            throw Problem.unavailable("%s is at sequence %d; %d was not seen within %d s"
                            .formatted(name, flags.state().sequence(), atLeast, PATIENCE.toSeconds()))
                    .asException();
        }
        return flags;
    }

    /**
     * The history of an environment, which tells of everything that its flags take into account, unless it is stopped.
     *
     * @throws ProblemException if there is no such environment, or the history does not come so far in time
     */
    History history(String name) throws InterruptedException {
        long sequence = flags(name, 0).state().sequence();
        if (projector.history().stopped(name).isPresent()) {
            return projector.history(); // it will come no further; the answer says so
        }
        if (!projector.awaitSequence(name, sequence, PATIENCE)) {
            throw Problem.unavailable("the history of %s has not come to sequence %d within %d s"
                            .formatted(name, sequence, PATIENCE.toSeconds()))
                    .asException();
        }
        return projector.history();
    }

    /** Adds why the history of an environment goes no further, if it does not. */
    void tellStopped(String name, ObjectNode json) {
        projector.history().stopped(name).ifPresent(why -> json.put("stopped", why));
    }

    /** Waits until the flags of the first environment are known and the history can be asked. */
    public boolean awaitReady(Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        try {
            live.follow(environment).awaitReady(longest);
        } catch (NotReadyException e) {
            return false;
        }
        return projector.awaitRunning(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }
}
