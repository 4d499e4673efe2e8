package io.flagledger.benchmarks;

import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.AllowlistChanged;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.KillSwitchReleased;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Creates flags and changes them at a steady rate: Kafka's address, the changes and the seconds are its arguments. */
final class OneDayWriter {
    static final String ENVIRONMENT = "gastown-production";
    static final int FLAGS = 1_000;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** One change a batch would be one commit a change, which two cores can't do 167 times a second beside all else. */
    private static final int BATCH = 4;

    private OneDayWriter() {}

    static String flag(int number) {
        return "gastown.feature-" + number % FLAGS;
    }

    public static void main(String[] arguments) {
        int changes = Integer.parseInt(arguments[1]);
        long nanos = Long.parseLong(arguments[2]) * 1_000_000_000L;
        try (LedgerWriter writer =
                LedgerWriter.open(KafkaConnection.of(arguments[0]), LedgerTopics.DEFAULT, PATIENCE)) {
            for (int i = 0; i < FLAGS; i += 100) {
                List<Change> batch = new ArrayList<>();
                for (int j = i; j < i + 100; j++) {
                    batch.add(FlagCreated.bool(flag(j)));
                }
                append(writer, batch);
            }
            long began = System.nanoTime();
            for (int i = 0; i < changes; i += BATCH) {
                List<Change> batch = new ArrayList<>();
                for (int j = i; j < Math.min(i + BATCH, changes); j++) {
                    batch.add(change(j));
                }
                append(writer, batch);
                LockSupport.parkNanos(began + (i + BATCH) * (nanos / changes) - System.nanoTime());
            }
        }
    }

    /** Each flag in turn goes through six changes again and again, so that nothing grows. */
    private static Change change(int number) {
        String flag = flag(number);
        Allowlist one = Allowlist.of(List.of(new UserEntry("user-1", "org-1")), List.of());
        return switch (number / FLAGS % 6) {
            case 0 -> new AllowlistChanged(flag, one, Allowlist.EMPTY);
            case 1 -> new StageMoved(flag, Stage.PERCENTAGE, new Percentage(25_000), true);
            case 2 -> new KillSwitchEngaged(flag, KillSwitch.NEW_ACCESS);
            case 3 -> new KillSwitchReleased(flag);
            case 4 -> new StageMoved(flag, Stage.ALLOWLIST, Percentage.ZERO, true);
            default -> new AllowlistChanged(flag, Allowlist.EMPTY, one);
        };
    }

    private static void append(LedgerWriter writer, List<Change> batch) {
        AppendResult result = writer.append(ENVIRONMENT, Actor.service("benchmark"), "one of a day's changes", batch);
        if (!(result instanceof AppendResult.Accepted)) {
            throw new IllegalStateException("refused: " + result);
        }
    }
}
