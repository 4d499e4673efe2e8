package io.flagledger.cli;

import io.flagledger.core.event.Change;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "stage",
        description = {
            "Move a flag to a stage: admin-only, allowlist, percentage or generally-available.",
            "Each stage lets in everybody whom the ones before it let in."
        })
final class StageCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "KEY", description = "the flag")
    private String key = "";

    @Parameters(
            index = "1",
            paramLabel = "STAGE",
            converter = Choices.StageChoice.class,
            completionCandidates = Choices.Stages.class,
            description = "admin-only, allowlist, percentage or generally-available")
    private Stage stage = Stage.ADMIN_ONLY;

    @Option(
            names = "--percent",
            paramLabel = "NUMBER",
            converter = Choices.PercentageChoice.class,
            description = "with the stage percentage: from 0 to 100 in steps of 0.001")
    private @Nullable Percentage percent;

    @Option(names = "--skip", description = "leave out the stages between on purpose")
    private boolean skip;

    StageCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (stage == Stage.PERCENTAGE && percent == null) {
            throw Complaint.usage("the stage percentage needs a number: --percent 12.5");
        }
        if (stage != Stage.PERCENTAGE && percent != null) {
            throw Complaint.usage("--percent goes with the stage percentage, not with " + Choices.word(stage));
        }
        return new Append(session)
                .change(new Change.StageMoved(key, stage, percent == null ? Percentage.ZERO : percent, skip));
    }
}
