package io.flagledger.cli;

import io.flagledger.core.event.Change;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "archive",
        description = {
            "Archive a flag: everybody gets its off variant, and it can't be a parent any more.",
            "Nothing else changes, so `ledger revive` brings back what was."
        })
final class ArchiveCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "KEY", description = "the flag")
    private String key = "";

    ArchiveCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        return new Append(session).change(new Change.FlagArchived(key));
    }
}
