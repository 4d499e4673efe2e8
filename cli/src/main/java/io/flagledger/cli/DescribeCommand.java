package io.flagledger.cli;

import io.flagledger.core.event.Change;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "describe",
        description = {
            "Change what people read about a flag. What is not named stays as it is; an empty text takes it away.",
            "Nobody's access changes."
        })
final class DescribeCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "KEY", description = "the flag")
    private String key = "";

    @Option(names = "--title", paramLabel = "TEXT", description = "what people call it")
    private @Nullable String title;

    @Option(names = "--description", paramLabel = "TEXT", description = "more about it")
    private @Nullable String description;

    @Option(names = "--owner", paramLabel = "NAME", description = "who looks after it")
    private @Nullable String owner;

    @Option(
            names = "--tag",
            paramLabel = "TAG",
            description = "may be given several times; replaces all tags, and --tag \"\" takes them away")
    private @Nullable List<String> tags;

    @Option(names = "--ticket", paramLabel = "LINK", description = "where it is planned")
    private @Nullable String ticket;

    DescribeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (title == null && description == null && owner == null && tags == null && ticket == null) {
            throw Complaint.usage("say what is new: --title, --description, --owner, --tag or --ticket");
        }
        return new Append(session)
                .change(new Change.FlagDescribed(
                        key, title, description, owner, tags == null ? null : withoutEmpty(tags), ticket));
    }

    private static SortedSet<String> withoutEmpty(List<String> tags) {
        SortedSet<String> kept = new TreeSet<>(tags);
        kept.remove("");
        return kept;
    }
}
