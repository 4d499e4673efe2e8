package io.flagledger.cli;

import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.travel.Cut;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "evaluate", description = "Ask whether somebody has access to a flag, what is served, and why.")
final class EvaluateCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "KEY", description = "the flag")
    private String key = "";

    @Option(names = "--user", paramLabel = "USER", description = "the user's id, exactly")
    private @Nullable String user;

    @Option(names = "--org", paramLabel = "ORG", description = "the id of the user's org, exactly")
    private @Nullable String org;

    @Option(names = "--admin", description = "the user is an administrator of the product")
    private boolean admin;

    @Option(
            names = "--at",
            paramLabel = "T",
            converter = CutChoice.class,
            description = "as it was then: " + CutChoice.FORMS)
    private Cut at = Cut.now();

    EvaluateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        EnvironmentState state = Ledger.of(session).at(at);
        Ledger.flag(state, key);
        CompiledEnvironment flags = CompiledEnvironment.of(state);
        Subject subject = new Subject(user, org, admin);
        Decision decision = flags.decide(key, subject, false);
        if (session.wantsJson()) {
            session.print(LedgerJson.decision(decision));
            return Exit.DONE;
        }
        Terminal terminal = session.terminal();
        String why = Text.oneLine(new Why(flags, subject).of(decision));
        session.out().println((decision.granted() ? terminal.good("granted") : terminal.bad("denied")) + ": " + why);
        session.out()
                .println("serves %s = %s %s"
                        .formatted(
                                decision.variant(),
                                decision.value() == null ? "" : Text.oneLine(Words.value(decision.value())),
                                terminal.faint("(revision %d, sequence %d)"
                                        .formatted(decision.revision(), decision.sequence()))));
        return Exit.DONE;
    }
}
