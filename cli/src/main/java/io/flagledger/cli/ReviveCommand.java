package io.flagledger.cli;

import io.flagledger.core.event.Change;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "revive",
        description = {"Revive an archived flag: it is back at the stage and kill switch that it had."})
final class ReviveCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "KEY", description = "the flag")
    private String key = "";

    ReviveCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        return new Append(session).change(new Change.FlagRevived(key));
    }
}
