package io.flagledger.core.fold;

import io.flagledger.core.codec.EncodedEvent;
import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.command.Command;
import io.flagledger.core.command.Decider;
import io.flagledger.core.command.Refusal;
import io.flagledger.core.command.Verdict;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A ledger without Kafka, for tests: what is accepted is recorded with the digests that it would have in a topic. Each
 * command comes a second after the one before, unless it says when.
 */
public final class MemoryLedger {
    /** When the first command comes, unless it says when. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    public static final Actor ACTOR = Actor.human("dana");
    public static final String REASON = "first design partners";

    private final List<Recorded> events = new ArrayList<>();
    private final Map<String, Definition> definitions = new HashMap<>();
    private EnvironmentState state;
    private int commands;

    public MemoryLedger(String environment) {
        state = EnvironmentState.empty(environment);
    }

    /** A ledger named {@code gastown-test}. */
    public static MemoryLedger gastown() {
        return new MemoryLedger("gastown-test");
    }

    /** Appends each change by itself, in this order. None may be refused. */
    public MemoryLedger accept(Change... changes) {
        for (Change change : changes) {
            batch(change);
        }
        return this;
    }

    /** Appends the changes together. None may be refused. */
    public MemoryLedger batch(Change... changes) {
        Verdict verdict = submit(command(changes));
        if (verdict instanceof Verdict.Refused refused) {
            throw new AssertionError("refused: " + refused.refusal());
        }
        return this;
    }

    /** Sends the changes together, which must be refused, and returns why. */
    public Refusal refuse(Change... changes) {
        return refuse(command(changes));
    }

    /** Sends a command that must be refused, and returns why. */
    public Refusal refuse(Command command) {
        Verdict verdict = submit(command);
        if (verdict instanceof Verdict.Refused refused) {
            return refused.refusal();
        }
        throw new AssertionError("accepted: " + verdict);
    }

    /** Decides on the command and, if it is accepted, records its events as appended at the time that it says. */
    public Verdict submit(Command command) {
        commands++;
        Verdict verdict =
                Decider.decide(state, command.restoring((flag, revision) -> definitions.get(flag + "/" + revision)));
        if (verdict instanceof Verdict.Accepted accepted) {
            accepted.events().forEach(event -> append(event, command.occurredAt()));
        }
        return verdict;
    }

    /** The command that would come next with these changes. */
    public Command command(Change... changes) {
        return new Command(
                "change-" + (commands + 1), START.plusSeconds(commands), ACTOR, REASON, List.of(changes), null);
    }

    private void append(Event event, Instant at) {
        EncodedEvent encoded = EventCodec.encode(event, state.digest());
        Recorded recorded = new Recorded(event, state.digest(), encoded.digest(), at);
        state = Fold.apply(state, recorded);
        events.add(recorded);
        definitions.put(
                event.flag() + "/" + event.revision(), flag(event.flag()).definition());
    }

    /** The state at its end. */
    public EnvironmentState state() {
        return state;
    }

    /** A flag at its end, which must be there. */
    public FlagState flag(String key) {
        FlagState flag = state.flags().get(key);
        if (flag == null) {
            throw new AssertionError("there is no flag " + key);
        }
        return flag;
    }

    /** All that was accepted, oldest first. */
    public List<Recorded> events() {
        return List.copyOf(events);
    }
}
