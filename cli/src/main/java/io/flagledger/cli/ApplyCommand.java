package io.flagledger.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "apply",
        description = {
            "Make all changes of a file, or none. It is JSON or YAML: a list of changes, or an object with",
            "changes and, if the command line does not say them, reason, expectedRevision and changeId."
        })
final class ApplyCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "FILE", description = "the file; - reads standard input")
    private String file = "";

    @Option(names = "--dry-run", description = "write nothing, and show per flag what would change")
    private boolean dryRun;

    ApplyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Wish wish = BatchFile.read(file);
        return dryRun ? new Rehearsal(session, wish).run() : new Append(session).all(wish);
    }
}
