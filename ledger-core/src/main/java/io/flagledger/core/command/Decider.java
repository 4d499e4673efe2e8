package io.flagledger.core.command;

import io.flagledger.core.command.Refusal.Kind;
import io.flagledger.core.event.Batch;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Names;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.Fold;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns intent into facts, or into a refusal. Looks at nothing but the state and the command: no clock, no ids, no I/O. */
public final class Decider {
    /** The most characters in a reason. */
    public static final int MAX_REASON_LENGTH = 1_000;

    private Decider() {}

    /** Decides on a command at a state, which must be the end of the environment's ledger. */
    public static Verdict decide(EnvironmentState state, Command command) {
        Refusal refusal = refuseWhole(state, command);
        if (refusal != null) {
            return new Verdict.Refused(refusal);
        }
        List<Event> events = new ArrayList<>();
        EnvironmentState soFar = state;
        for (Change change : command.changes()) {
            Optional<Refusal> refused = change.match(new Rules(soFar));
            if (refused.isPresent()) {
                return new Verdict.Refused(refused.get());
            }
            Event event = event(soFar, command, change, events.size());
            events.add(event);
            // What comes later in the batch is judged after this; its digest and time are the broker's to give.
            soFar = Fold.apply(soFar, new Recorded(event, soFar.digest(), soFar.digest(), soFar.ledgerTime()));
        }
        return new Verdict.Accepted(events);
    }

    private static Event event(EnvironmentState state, Command command, Change change, int index) {
        FlagState flag = state.flags().get(change.flag());
        return new Event(
                state.environment(),
                state.sequence() + 1,
                flag == null ? 1 : flag.lastChange().revision() + 1,
                command.occurredAt(),
                command.actor(),
                command.reason(),
                command.changeId(),
                new Batch(index, command.changes().size()),
                change);
    }

    private static @Nullable Refusal refuseWhole(EnvironmentState state, Command command) {
        if (!Names.isEnvironment(state.environment())) {
            return new Refusal(
                    Kind.BAD_ENVIRONMENT,
                    "an environment can't be called '%s': its name must match %s"
                            .formatted(state.environment(), Names.ENVIRONMENT_FORM),
                    null);
        }
        if (command.changes().isEmpty()) {
            return bad("there is no change in the command: name at least one");
        }
        if (command.reason().isBlank()) {
            return bad("a change needs a reason: say why in 1 to %d characters".formatted(MAX_REASON_LENGTH));
        }
        if (command.reason().length() > MAX_REASON_LENGTH) {
            return bad("a reason has at most %d characters but this one has %d"
                    .formatted(MAX_REASON_LENGTH, command.reason().length()));
        }
        if (!Names.isWellFormed(command.reason())) {
            return bad("the reason holds half of a surrogate pair, which no encoding can write: correct the text");
        }
        if (!Names.isId(command.actor().id())) {
            return bad("a change needs an actor: an id of 1 to %d characters".formatted(Names.MAX_ID_LENGTH));
        }
        String onBehalfOf = command.actor().onBehalfOf();
        if (onBehalfOf != null && !Names.isId(onBehalfOf)) {
            return bad("on whose behalf must be an id of 1 to %d characters".formatted(Names.MAX_ID_LENGTH));
        }
        if (!Names.isId(command.changeId())) {
            return bad("a changeId has 1 to %d characters".formatted(Names.MAX_ID_LENGTH));
        }
        return refuseRevision(state, command);
    }

    private static @Nullable Refusal refuseRevision(EnvironmentState state, Command command) {
        Long expected = command.expectedRevision();
        if (expected == null) {
            return null;
        }
        Change first = command.changes().get(0);
        if (!command.changes().stream().allMatch(change -> change.flag().equals(first.flag()))) {
            return bad(
                    "expectedRevision speaks of one flag, but the changes are of several: send them apart or leave it out");
        }
        FlagState flag = state.flags().get(first.flag());
        long revision = flag == null ? 0 : flag.lastChange().revision();
        if (revision == expected) {
            return null;
        }
        return new Refusal(
                Kind.REVISION_MOVED,
                "%s is at revision %d, not %d: look at what changed and send the change again with the new revision"
                        .formatted(first.flag(), revision, expected),
                first);
    }

    private static Refusal bad(String message) {
        return new Refusal(Kind.BAD_COMMAND, message, null);
    }
}
