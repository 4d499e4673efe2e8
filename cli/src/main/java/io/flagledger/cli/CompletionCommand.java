package io.flagledger.cli;

import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = {
            "Print a script that lets bash and zsh complete commands and options.",
            "Use it with: source <(ledger completion)"
        })
final class CompletionCommand implements Runnable {
    private final Session session;

    @Spec
    private @Nullable CommandSpec spec;

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        if (spec != null) {
            session.out().print(AutoComplete.bash("ledger", spec.root().commandLine()));
            session.out().flush();
        }
    }
}
