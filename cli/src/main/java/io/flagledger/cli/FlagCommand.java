package io.flagledger.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The commands that are about the flags themselves. */
@Command(name = "flag", description = "Create, list and show flags.", synopsisSubcommandLabel = "COMMAND")
final class FlagCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        Program.missingCommand(spec);
    }
}
