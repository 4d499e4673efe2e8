package io.flagledger.cli;

import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.json.TravelJson;
import io.flagledger.core.travel.Cut;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "at",
        description = {
            "Show all flags, or one, as they were then.",
            "T is " + CutChoice.FORMS + ". A time without a zone is a local one."
        })
final class AtCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "T", converter = CutChoice.class, description = "when")
    private Cut at = Cut.now();

    @Parameters(index = "1", paramLabel = "KEY", arity = "0..1", description = "one flag")
    private @Nullable String key;

    AtCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        EnvironmentState state = Ledger.of(session).at(at);
        if (key != null) {
            new FlagSheet(session, state).print(Ledger.flag(state, key));
        } else if (session.wantsJson()) {
            session.print(TravelJson.state(state));
        } else {
            session.out().println(state.environment() + " " + position(state));
            if (state.flags().size() > 0) {
                new FlagsTable(session).print(state);
            }
        }
        return Exit.DONE;
    }

    /** Where a state stands, as the end of a sentence. */
    static String position(EnvironmentState state) {
        return state.sequence() == 0
                ? "before its first event"
                : "after event #%d of %s".formatted(state.sequence(), EventTable.time(state.ledgerTime()));
    }
}
