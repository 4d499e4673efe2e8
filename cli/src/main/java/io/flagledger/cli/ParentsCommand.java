package io.flagledger.cli;

import io.flagledger.core.event.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "parents",
        description = {
            "Say which flags must grant access before this one can. They replace those that it had.",
            "A parent with variants must serve one of them: gastown.merge-strategy=pr,direct"
        })
final class ParentsCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "KEY", description = "the flag")
    private String key = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "PARENT[=VARIANT,…]", description = "all its parents")
    private List<String> parents = new ArrayList<>();

    @Option(names = "--none", description = "it has no parents any more")
    private boolean none;

    ParentsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (parents.isEmpty() != none) {
            throw Complaint.usage(
                    none
                            ? "--none goes without parents"
                            : "name the parents, or say --none if there are to be none any more");
        }
        return new Append(session)
                .change(new Change.ParentsChanged(
                        key, parents.stream().map(FlagCreateCommand::parent).toList()));
    }
}
