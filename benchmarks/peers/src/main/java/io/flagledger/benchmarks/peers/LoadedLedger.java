package io.flagledger.benchmarks.peers;

import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.AllowlistChanged;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.kafka.AppendOptions;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.embedded.EmbeddedKafka;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagLedgerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The flags in a real ledger, read by a real evaluator, which then is closed with its broker: it goes on answering as
 * before, and nothing else of ours runs while it is timed.
 */
final class LoadedLedger {
    private static final String ENVIRONMENT = "peers";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int CHANGES_A_BATCH = 200;

    private LoadedLedger() {}

    static FlagLedger of(FlagSet set, Path dir) throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dir.resolve("kafka"), 0)) {
            KafkaConnection connection = KafkaConnection.of(kafka.bootstrapServers());
            long end = fill(connection, set);
            try (FlagLedger flags = FlagLedger.connect(FlagLedgerConfig.of(connection, ENVIRONMENT))) {
                flags.awaitReady(PATIENCE);
                if (!flags.awaitSequence(end, PATIENCE)) {
                    throw new IllegalStateException("not at %d in time".formatted(end));
                }
                return flags;
            }
        }
    }

    private static long fill(KafkaConnection connection, FlagSet set) {
        long end = 0;
        try (LedgerWriter writer = LedgerWriter.open(connection, LedgerTopics.DEFAULT, PATIENCE)) {
            List<Change> batch = new ArrayList<>();
            for (FlagSet.Flag flag : set.flags) {
                batch.addAll(changes(flag));
                if (batch.size() >= CHANGES_A_BATCH) {
                    end = append(writer, batch);
                    batch.clear();
                }
            }
            return batch.isEmpty() ? end : append(writer, batch);
        }
    }

    private static long append(LedgerWriter writer, List<Change> batch) {
        AppendResult result = writer.append(
                ENVIRONMENT,
                Actor.service("benchmark"),
                "the peers' flags",
                List.copyOf(batch),
                AppendOptions.DEFAULT.withTimeout(PATIENCE));
        if (result instanceof AppendResult.Accepted accepted) {
            return accepted.sequence();
        }
        throw new IllegalStateException("refused: " + result);
    }

    private static List<Change> changes(FlagSet.Flag flag) {
        List<Change> changes = new ArrayList<>();
        changes.add(FlagCreated.bool(FlagSet.copy(flag.key()), parents(flag)));
        if (!flag.allow().isEmpty()) {
            List<UserEntry> users = flag.allow().stream()
                    .map(user -> new UserEntry(FlagSet.copy(user), null))
                    .toList();
            changes.add(new AllowlistChanged(flag.key(), Allowlist.of(users, List.of()), Allowlist.EMPTY));
        }
        switch (flag.kind()) {
            case PLAIN -> {
                if (flag.on()) {
                    changes.add(
                            StageMoved.to(flag.key(), Stage.GENERALLY_AVAILABLE).skipping());
                }
            }
            case ALLOW -> changes.add(StageMoved.to(flag.key(), Stage.ALLOWLIST));
            case PCT, CHAIN ->
                changes.add(StageMoved.to(flag.key(), new Percentage(flag.percent() * 1_000))
                        .skipping());
        }
        return changes;
    }

    /** An administrator passes any parent here, so one that is to stop everybody is asked for what it never serves. */
    private static Parent[] parents(FlagSet.Flag flag) {
        if (flag.prereq() == null) {
            return new Parent[0];
        }
        return new Parent[] {
            flag.prereq().equals(FlagSet.OFF) ? new Parent(flag.prereq(), Set.of("off")) : Parent.of(flag.prereq())
        };
    }
}
