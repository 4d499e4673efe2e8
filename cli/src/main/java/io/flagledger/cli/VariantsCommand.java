package io.flagledger.cli;

import io.flagledger.core.event.Change;
import io.flagledger.core.event.Variants;
import io.flagledger.core.fold.FlagState;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private VariantOptions serves = new VariantOptions();

    VariantsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (serves.isEmpty()) {
            throw Complaint.usage("say what it serves: --variant NAME=VALUE, --on NAME[=WEIGHT] or --off NAME");
        }
        FlagState flag = Ledger.flag(Ledger.of(session).state(), key);
        Variants all = serves.change(flag.variants(), flag.type());
        // What was not said was taken from the flag as it is now, so it must still be so.
        return new Append(session)
                .all(Wish.of(new Change.VariantsDefined(key, all))
                        .at(flag.lastChange().revision()));
    }
}
