package io.flagledger.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.command.Refusal;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.kafka.AppendOptions;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaUnavailableException;
import io.flagledger.core.kafka.LedgerWriter;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Makes a change and tells what came of it. */
record Append(Session session) {
    private static final int MOST_BETWEEN = 20;

    /** Appends to a ledger that must be there. */
    int change(Change change) {
        return run(change, false);
    }

    /** Appends, and makes the ledger if this is the first change of all. */
    int first(Change change) {
        return run(change, true);
    }

    private int run(Change change, boolean makesLedger) {
        String reason = session.reason();
        Actor actor = session.actor();
        String id = Objects.requireNonNullElseGet(
                session.options().changeId, () -> UUID.randomUUID().toString());
        AppendOptions options =
                AppendOptions.DEFAULT.withChangeId(id).withExpectedRevision(session.options().expectRevision);
        Ledger ledger = Ledger.of(session);
        if (!makesLedger) {
            ledger.requireExistence();
        }
        AppendResult result;
        try (LedgerWriter writer = ledger.writer()) {
            result = writer.append(ledger.environment(), actor, reason, List.of(change), options);
        } catch (KafkaUnavailableException e) {
            throw Complaint.unreachable(
                    "%s\nwhether the change was made is not known: give the same command with --change-id %s to be sure"
                            .formatted(e.getMessage(), id),
                    e);
        }
        if (result instanceof AppendResult.Refused refused) {
            throw Complaint.refused(message(ledger, refused));
        }
        print((AppendResult.Accepted) result);
        return Exit.DONE;
    }

    private void print(AppendResult.Accepted accepted) {
        if (session.wantsJson()) {
            ObjectNode json = LedgerJson.object();
            json.set(
                    "events",
                    LedgerJson.array(
                            accepted.events().stream().map(LedgerJson::event).toList()));
            session.print(json.put("sequence", accepted.sequence()));
            return;
        }
        for (Recorded recorded : accepted.events()) {
            session.out()
                    .println("%s %s"
                            .formatted(
                                    Text.oneLine(Words.done(recorded.event().change())),
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

    private String message(Ledger ledger, AppendResult.Refused refused) {
        Refusal refusal = refused.refusal();
        StringBuilder message = new StringBuilder("refused (%s): %s".formatted(refusal.kind(), refusal.message()));
        Change change = refusal.change();
        if (refusal.kind() == Refusal.Kind.UNKNOWN_FLAG && change != null) {
            message.append(Ledger.didYouMean(ledger.state(), change.flag()));
        } else if (refusal.kind() == Refusal.Kind.STAGE_SKIPPED) {
            message.append(" (--skip)");
        }
        int between = refused.since().size();
        if (between > 0) {
            Table table = EventTable.of(
                    session.terminal(), refused.since().subList(Math.max(0, between - MOST_BETWEEN), between));
            table.lines(session.terminal()).forEach(line -> message.append('\n').append(line));
        }
        if (between > MOST_BETWEEN && change != null) {
            message.append("\nand %s before: `ledger history %s`"
                    .formatted(Text.count(between - MOST_BETWEEN, "event"), change.flag()));
        }
        return message.toString();
    }
}
