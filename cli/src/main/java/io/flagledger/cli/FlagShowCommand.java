package io.flagledger.cli;

import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.travel.Cut;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Show all of one flag, as it is or as it was.")
final class FlagShowCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "KEY", description = "the flag")
    private String key = "";

    @Option(
            names = "--at",
            paramLabel = "T",
            converter = CutChoice.class,
            description = "as it was then: " + CutChoice.FORMS)
    private Cut at = Cut.now();

    FlagShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        EnvironmentState state = Ledger.of(session).at(at);
        new FlagSheet(session, state).print(Ledger.flag(state, key));
        return Exit.DONE;
    }
}
