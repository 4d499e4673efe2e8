package io.flagledger.cli;

import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Details;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.ValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "create",
        description = {
            "Create a flag. It starts at ADMIN_ONLY.",
            "A boolean flag serves on (true) and off (false) unless variants are named."
        })
final class FlagCreateCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "KEY", description = "such as gastown.convoys")
    private String key = "";

    @Option(names = "--title", paramLabel = "TEXT", description = "what people call it")
    private String title = "";

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            converter = Choices.TypeChoice.class,
            completionCandidates = Choices.Types.class,
            description = "boolean (the usual), string, integer, double or object")
    private ValueType type = ValueType.BOOLEAN;

    @Mixin
    private VariantOptions serves = new VariantOptions();

    @Option(
            names = "--parent",
            paramLabel = "KEY[=VARIANT,…]",
            description = "a flag that must grant access first, and if named, serve one of these variants")
    private List<String> parents = new ArrayList<>();

    @Option(
            names = "--bucket-by",
            paramLabel = "org|user",
            converter = Choices.BucketByChoice.class,
            completionCandidates = Choices.BucketBys.class,
            description = "whose id percentages are drawn with; org by default, so that orgs move whole")
    private BucketBy bucketBy = BucketBy.ORG;

    @Option(names = "--description", paramLabel = "TEXT", description = "more about it")
    private String description = "";

    @Option(names = "--owner", paramLabel = "NAME", description = "who looks after it")
    private String owner = "";

    @Option(names = "--tag", paramLabel = "TAG", description = "may be given several times")
    private Set<String> tags = new LinkedHashSet<>();

    @Option(names = "--ticket", paramLabel = "LINK", description = "where it is planned")
    private String ticket = "";

    FlagCreateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        return new Append(session)
                .first(new Change.FlagCreated(
                        key,
                        type,
                        new Details(title, description, owner, tags, ticket),
                        serves.read(type),
                        Bucketing.of(key, bucketBy),
                        parents.stream().map(FlagCreateCommand::parent).toList()));
    }

    /** A parent as it is written on the command line. */
    static Parent parent(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            return Parent.of(text);
        }
        Set<String> variants =
                new LinkedHashSet<>(Arrays.asList(text.substring(equals + 1).split(",", -1)));
        if (equals == 0 || variants.contains("")) {
            throw Complaint.usage(
                    "the parent '%s' can't be read: write KEY, or KEY=VARIANT,VARIANT".formatted(Text.oneLine(text)));
        }
        return new Parent(text.substring(0, equals), variants);
    }
}
