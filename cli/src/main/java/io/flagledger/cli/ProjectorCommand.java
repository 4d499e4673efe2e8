package io.flagledger.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The commands for whoever runs projectors. */
@Command(name = "projector", description = "Look after the projectors.", synopsisSubcommandLabel = "COMMAND")
final class ProjectorCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        Program.missingCommand(spec);
    }
}
