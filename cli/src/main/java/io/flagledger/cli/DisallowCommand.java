package io.flagledger.cli;

import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Change;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "disallow", description = "Take users and orgs off a flag's allowlist.")
final class DisallowCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "KEY", description = "the flag")
    private String key = "";

    @Mixin
    private final EntryOptions entries = new EntryOptions();

    DisallowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        return new Append(session).change(new Change.AllowlistChanged(key, Allowlist.EMPTY, entries.read()));
    }
}
