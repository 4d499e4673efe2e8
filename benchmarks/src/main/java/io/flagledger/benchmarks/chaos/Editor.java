package io.flagledger.benchmarks.chaos;

import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.AllowlistChanged;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.KillSwitchReleased;
import io.flagledger.core.event.Change.ParentsChanged;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Somebody who looks before each change, so that nearly all of them are accepted. */
final class Editor {
    static final int FLAGS = 10;

    private static final int MOST_USERS = 40;

    private final Random random;

    Editor(long seed) {
        this.random = new Random(seed);
    }

    /** One change, or now and then a batch, that fits the state. */
    List<Change> changes(EnvironmentState state) {
        if (state.flags().size() < FLAGS) {
            return List.of(FlagCreated.bool("flag-" + state.flags().size()));
        }
        int first = random.nextInt(FLAGS);
        int size = random.nextInt(8) == 0 ? 2 + random.nextInt(3) : 1;
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < size; i++) { // of different flags, so that none stands in the way of the next
            FlagState flag = state.flags().get("flag-" + (first + i) % FLAGS);
            if (flag != null) {
                changes.add(change(flag));
            }
        }
        return changes;
    }

    private Change change(FlagState flag) {
        return switch (random.nextInt(4)) {
            case 0 ->
                flag.killSwitch() == KillSwitch.RELEASED
                        ? new KillSwitchEngaged(flag.key(), KillSwitch.NEW_ACCESS)
                        : new KillSwitchReleased(flag.key());
            case 1 ->
                new StageMoved(
                        flag.key(),
                        Stage.PERCENTAGE,
                        new Percentage((flag.percentage().units() + 1_000) % 100_000),
                        true);
            case 2 -> parents(flag);
            default -> allowlist(flag);
        };
    }

    private Change parents(FlagState flag) {
        // Only ever below a flag of a lower number, so that there is no cycle.
        int number = Integer.parseInt(flag.key().substring("flag-".length()));
        return flag.parents().isEmpty() && number > 0
                ? new ParentsChanged(flag.key(), List.of(Parent.of("flag-" + random.nextInt(number))))
                : allowlist(flag);
    }

    private Change allowlist(FlagState flag) {
        List<UserEntry> users = List.copyOf(flag.allowlist().users().values());
        Allowlist one = Allowlist.of(
                List.of(
                        users.size() < MOST_USERS
                                ? new UserEntry(Long.toString(random.nextLong(), 36), "org-" + random.nextInt(50))
                                : users.get(random.nextInt(users.size()))),
                List.of());
        return users.size() < MOST_USERS
                ? new AllowlistChanged(flag.key(), one, Allowlist.EMPTY)
                : new AllowlistChanged(flag.key(), Allowlist.EMPTY, one);
    }
}
