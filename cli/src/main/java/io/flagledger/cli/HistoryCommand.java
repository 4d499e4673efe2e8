package io.flagledger.cli;

import io.flagledger.core.fold.FlagState;
import io.flagledger.core.json.TravelJson;
import io.flagledger.core.travel.Revision;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "history",
        description = "Tell everything that happened to a flag, oldest first: who, why, and field by field what.")
final class HistoryCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "KEY", description = "the flag")
    private String key = "";

    HistoryCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Ledger ledger = Ledger.of(session);
        List<Revision> revisions = ledger.ask(history -> history.history(key));
        if (revisions.isEmpty()) {
            Ledger.flag(ledger.state(), key); // which says that there is none, and guesses which was meant
        }
        if (session.wantsJson()) {
            session.print(TravelJson.history(ledger.environment(), key, revisions));
            return Exit.DONE;
        }
        EventTable table = new EventTable(session.terminal());
        FlagState before = null;
        for (Revision revision : revisions) {
            table.add(revision, before);
            before = revision.after();
        }
        session.print(table.table());
        return Exit.DONE;
    }
}
