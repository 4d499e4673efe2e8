package io.flagledger.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.command.Refusal;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.kafka.AppendOptions;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaUnavailableException;
import io.flagledger.core.kafka.LedgerWriter;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;

/** Makes a change and tells what came of it. */
record Append(Session session) {
    private static final int MOST_BETWEEN = 20;

    /** Appends to a ledger that must be there. */
    int change(Change change) {
        return run(Wish.of(change), false);
    }

    /** Appends, and makes the ledger if this is the first change of all. */
    int first(Change change) {
        return run(Wish.of(change), true);
    }

    /** Appends all changes or none. What the command line says goes before what the wish says. */
    int all(Wish wish) {
        return run(wish, wish.changes().stream().anyMatch(Change.FlagCreated.class::isInstance));
    }

    private int run(Wish wish, boolean makesLedger) {
        String reason = session.options().reason == null && wish.reason() != null ? wish.reason() : session.reason();
        Actor actor = session.actor();
        String id = Objects.requireNonNullElseGet(
                wish.changeId(session), () -> UUID.randomUUID().toString());
        AppendOptions options =
                AppendOptions.DEFAULT.withChangeId(id).withExpectedRevision(wish.expectedRevision(session));
        Ledger ledger = Ledger.of(session);
        AppendResult result;
        try (LedgerWriter writer = makesLedger ? ledger.writerOrNew() : ledger.writer()) {
            result = writer.append(ledger.environment(), actor, reason, wish.changes(), options);
        } catch (KafkaUnavailableException e) {
            throw Complaint.unreachable(
                    "%s\nwhether the change was made is not known: give the same command with --change-id %s to be sure"
                            .formatted(e.getMessage(), id),
                    e);
        }
        if (result instanceof AppendResult.Refused refused) {
            throw refusal(ledger::state, refused.refusal(), refused.since());
        }
        print(ledger, (AppendResult.Accepted) result);
        return Exit.DONE;
    }

    private void print(Ledger ledger, AppendResult.Accepted accepted) {
        if (session.wantsJson()) {
            ObjectNode json = LedgerJson.object();
            json.set(
                    "events",
                    LedgerJson.array(
                            accepted.events().stream().map(LedgerJson::event).toList()));
            session.print(json.put("sequence", accepted.sequence()));
            return;
        }
        Restorations restorations = Restorations.of(ledger, accepted.events());
        for (Recorded recorded : accepted.events()) {
            session.out()
                    .println("%s %s"
                            .formatted(
                                    Text.oneLine(Words.done(recorded.event().change()) + restorations.effect(recorded)),
                                    session.terminal()
                                            .faint("(revision %d, sequence %d%s)"
                                                    .formatted(
                                                            recorded.event().revision(),
                                                            recorded.event().sequence(),
                                                            accepted.replayed()
                                                                    ? "; done before under this change id, and not again"
                                                                    : ""))));
        }
    }

    /** What to say of a refusal. The state is asked for only where it helps. */
    Complaint refusal(Supplier<EnvironmentState> state, Refusal refusal, List<Recorded> since) {
        StringBuilder message = new StringBuilder("refused (%s): %s".formatted(refusal.kind(), refusal.message()));
        Change change = refusal.change();
        if (refusal.kind() == Refusal.Kind.UNKNOWN_FLAG && change != null) {
            message.append(Ledger.didYouMean(state.get(), change.flag()));
        } else if (refusal.kind() == Refusal.Kind.STAGE_SKIPPED) {
            message.append(" (--skip)");
        }
        int between = since.size();
        if (between > 0) {
            Table table =
                    EventTable.of(session.terminal(), since.subList(Math.max(0, between - MOST_BETWEEN), between));
            table.lines(session.terminal()).forEach(line -> message.append('\n').append(line));
        }
        if (between > MOST_BETWEEN && change != null) {
            message.append("\nand %s before: `ledger history %s`"
                    .formatted(Text.count(between - MOST_BETWEEN, "event"), change.flag()));
        }
        return Complaint.refused(message.toString());
    }
}
