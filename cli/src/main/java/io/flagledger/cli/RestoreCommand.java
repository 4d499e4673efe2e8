package io.flagledger.cli;

import io.flagledger.core.event.Change;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "restore",
        description = {
            "Bring a flag back to one of its revisions, in everything: stage, allowlist, variants, parents,",
            "kill switch and whether it is archived. `ledger history` shows the revisions."
        })
final class RestoreCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "KEY", description = "the flag")
    private String key = "";

    @Option(names = "--revision", paramLabel = "N", required = true, description = "the revision to go back to")
    private long revision;

    RestoreCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        return new Append(session).change(Change.FlagRestored.to(key, revision));
    }
}
