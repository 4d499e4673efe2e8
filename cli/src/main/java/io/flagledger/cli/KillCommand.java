package io.flagledger.cli;

import io.flagledger.core.event.Change;
import io.flagledger.core.event.KillSwitch;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "kill",
        description = {
            "Engage a flag's kill switch: nobody but admins is let in, nor into the flags below it.",
            "Nothing else changes, so `ledger release` brings back what was."
        })
final class KillCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "KEY", description = "the flag")
    private String key = "";

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            converter = Choices.ScopeChoice.class,
            completionCandidates = Choices.Scopes.class,
            description = "new-access (the usual): who was let in before may go on; all-access: they are out too")
    private KillSwitch scope = KillSwitch.NEW_ACCESS;

    KillCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        return new Append(session).change(new Change.KillSwitchEngaged(key, scope));
    }
}
