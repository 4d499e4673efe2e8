package io.flagledger.cli;

import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.json.TravelJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "list", description = "List the flags of an environment, each below its parent.")
final class FlagListCommand implements Callable<Integer> {
    private final Session session;

    FlagListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        EnvironmentState state = Ledger.of(session).state();
        if (session.wantsJson()) {
            session.print(TravelJson.state(state));
        } else if (state.flags().size() == 0) {
            session.out()
                    .println("%s has no flags yet: make one with `ledger flag create KEY --reason \"…\"`"
                            .formatted(state.environment()));
        } else {
            new FlagsTable(session).print(state);
        }
        return Exit.DONE;
    }
}
