package io.flagledger.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.sdk.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "snapshot",
        description = {
            "Write the flags as they are now into a file that a service can start from while Kafka is down.",
            "A file that is there already is replaced at once."
        },
        footer = {
            "",
            "`ledger snapshot flags.snapshot`; the service names it with `withSnapshot` or ships it in its jar."
        })
final class SnapshotCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "FILE", description = "where to write them")
    private @Nullable Path file;

    SnapshotCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Path target = requireNonNull(file, "picocli insists on it");
        Ledger ledger = Ledger.of(session);
        String id = ledger.requireExistence();
        Instant asOf = Instant.now();
        long[] offset = {-1};
        EnvironmentState state = ledger.read(event -> offset[0] = event.offset());
        try {
            new Snapshot(id, state, offset[0], asOf).write(target);
        } catch (IOException e) {
            throw Complaint.refused("the snapshot can't be written to %s: %s".formatted(target, e), e);
        }
        tell(target, state);
        return Exit.DONE;
    }

    private void tell(Path target, EnvironmentState state) {
        if (session.wantsJson()) {
            ObjectNode json = LedgerJson.object();
            json.put("environment", state.environment());
            json.put("sequence", state.sequence());
            json.put("flags", state.flags().size());
            json.put("file", target.toString());
            session.print(json);
        } else {
            session.out()
                    .println("%s holds %s of %s as of sequence %d"
                            .formatted(
                                    target,
                                    Text.count(state.flags().size(), "flag"),
                                    state.environment(),
                                    state.sequence()));
        }
    }
}
