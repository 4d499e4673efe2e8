package io.flagledger.cli;

import io.flagledger.core.event.Change;
import io.flagledger.core.event.Variants;
import io.flagledger.core.fold.FlagState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "variants",
        description = {
            "Say what a flag serves. The variants replace all that it had; without --variant they stay,",
            "and only --on and --off are new."
        })
final class VariantsCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "KEY", description = "the flag")
    private String key = "";

    @Option(
            names = "--variant",
            paramLabel = "NAME=VALUE",
            description = "something it can serve, of the flag's type; at least two, or none")
    private List<String> variants = new ArrayList<>();

    @Option(
            names = "--on",
            paramLabel = "NAME[=WEIGHT]",
            description = "served to who has access; several share by their weights")
    private List<String> on = new ArrayList<>();

    @Option(names = "--off", paramLabel = "NAME", description = "served to who has no access")
    private @Nullable String off;

    VariantsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (variants.isEmpty() && on.isEmpty() && off == null) {
            throw Complaint.usage("say what it serves: --variant NAME=VALUE, --on NAME[=WEIGHT] or --off NAME");
        }
        FlagState flag = Ledger.flag(Ledger.of(session).state(), key);
        Variants serves = VariantOptions.change(flag.variants(), flag.type(), variants, on, off);
        // What was not said was taken from the flag as it is now, so it must still be so.
        return new Append(session)
                .all(Wish.of(new Change.VariantsDefined(key, serves))
                        .at(flag.lastChange().revision()));
    }
}
