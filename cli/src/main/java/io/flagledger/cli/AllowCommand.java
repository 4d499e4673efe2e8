package io.flagledger.cli;

import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Change;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "allow", description = "Put users and orgs on a flag's allowlist.")
final class AllowCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "KEY", description = "the flag")
    private String key = "";

    @Mixin
    private final EntryOptions entries = new EntryOptions();

    AllowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        return new Append(session).change(new Change.AllowlistChanged(key, entries.read(), Allowlist.EMPTY));
    }
}
