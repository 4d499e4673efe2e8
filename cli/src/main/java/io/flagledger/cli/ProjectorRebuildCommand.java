package io.flagledger.cli;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.codec.Head;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.projector.Projector;
import io.flagledger.projector.ProjectorConfig;
import io.flagledger.projector.ProjectorRunsException;
import io.flagledger.projector.Rebuild;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "rebuild",
        description = {
            "Delete what the projectors have made for themselves, and make it anew from the first event.",
            "All of them must be stopped. The ledger is not touched; evaluators go on, and the state topic is never set back."
        })
final class ProjectorRebuildCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration TICK = Duration.ofMillis(50);

    private final Session session;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "where this machine's stores lie, as `serve` is told (LEDGER_STATE; otherwise ./.ledger-state)")
    private @Nullable Path state;

    ProjectorRebuildCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        Ledger ledger = Ledger.of(session);
        LedgerId id = ledger.toProject();
        Path folder = requireNonNullElse(
                state, Path.of(requireNonNullElse(session.variable("LEDGER_STATE"), ".ledger-state")));
        ProjectorConfig config = new ProjectorConfig(
                session.connection(), session.topics(), folder.toAbsolutePath().normalize());
        Rebuild rebuild;
        try {
            rebuild = Rebuild.prepare(config, id, PATIENCE);
        } catch (ProjectorRunsException e) {
            throw Complaint.refused(
                    e.getMessage() + "\nstop them all first: what one writes, another may not delete", e);
        }
        long began = System.nanoTime();
        Map<String, Head> heads = replay(config, id, ledger.lastOffsets());
        tell(rebuild, heads, Duration.ofNanos(System.nanoTime() - began));
        return Exit.DONE;
    }

    /** Folds everything up to these offsets of the events topic's partitions. */
    private Map<String, Head> replay(ProjectorConfig config, LedgerId id, Map<Integer, Long> last) {
        try (Projector projector = Projector.start(config, id);
                ProgressBar bar = new ProgressBar(session.err(), "folding")) {
            while (true) {
                Map<Integer, Long> seen = projector.seen();
                long left = 0;
                long total = 0;
                for (Map.Entry<Integer, Long> end : last.entrySet()) {
                    total += end.getValue() + 1;
                    left += Math.max(0, end.getValue() - seen.getOrDefault(end.getKey(), -1L));
                }
                bar.read(total - left, total);
                if (left == 0 && projector.isRunning()) {
                    return heads(projector);
                }
                LockSupport.parkNanos(TICK.toNanos());
            }
        }
    }

    private static Map<String, Head> heads(Projector projector) {
        Map<String, Head> heads = new TreeMap<>();
        for (String environment : projector.history().environments()) {
            projector.history().head(environment).ifPresent(head -> heads.put(environment, head));
        }
        return heads;
    }

    private void tell(Rebuild rebuild, Map<String, Head> heads, Duration time) {
        if (session.wantsJson()) {
            ObjectNode json = LedgerJson.object().put("application", rebuild.applicationId());
            ArrayNode environments = json.putArray("environments");
            heads.forEach((name, head) -> environments
                    .addObject()
                    .put("environment", name)
                    .put("sequence", head.sequence())
                    .put("flags", head.flags()));
            session.print(json.put("millis", time.toMillis()));
            return;
        }
        heads.forEach((name, head) -> session.out()
                .println("%s is folded anew: %s, %s"
                        .formatted(name, Text.count(head.sequence(), "event"), Text.count(head.flags(), "flag"))));
        session.out()
                .println("%s took %.1f s; start the projectors again, this machine's has its stores already"
                        .formatted(Text.count(heads.size(), "environment"), time.toMillis() / 1000.0));
    }
}
