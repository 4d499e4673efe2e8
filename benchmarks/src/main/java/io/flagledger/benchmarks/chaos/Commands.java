package io.flagledger.benchmarks.chaos;

import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.AllowlistChanged;
import io.flagledger.core.event.Change.FlagArchived;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.FlagRestored;
import io.flagledger.core.event.Change.FlagRevived;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.KillSwitchReleased;
import io.flagledger.core.event.Change.ParentsChanged;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What the writers send: always the same at the same place, so that the one who retries and the one who judges need not be
 * told. Few flags and few users, so that the writers get into each other's way and many commands must be refused.
 */
final class Commands {
    private static final int FLAGS = 8;
    private static final int USERS = 5;
    private static final List<Stage> STAGES = List.of(Stage.values());

    private final long seed;

    Commands(long seed) {
        this.seed = seed;
    }

    /** The changes of the command at this place. */
    List<Change> changes(int writer, int number) {
        Random random = new Random((seed * 31 + writer) * 1_000_003 + number);
        random.nextInt(); // the first draws of neighbouring seeds are alike
        int size = random.nextInt(10) == 0 ? 2 + random.nextInt(3) : 1;
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            changes.add(change(random));
        }
        return changes;
    }

    /** Whether the command at this place says which revision it expects. */
    boolean expectsRevision(int writer, int number) {
        return changes(writer, number).size() == 1 && (writer + number) % 7 == 0;
    }

    private static Change change(Random random) {
        String flag = "flag-" + random.nextInt(FLAGS);
        int die = random.nextInt(200);
        if (die < 20) {
            return FlagCreated.bool(flag);
        }
        if (die < 100) {
            Allowlist user = Allowlist.of(List.of(new UserEntry("user-" + random.nextInt(USERS), null)), List.of());
            return random.nextBoolean()
                    ? new AllowlistChanged(flag, user, Allowlist.EMPTY)
                    : new AllowlistChanged(flag, Allowlist.EMPTY, user);
        }
        if (die < 130) {
            return random.nextBoolean()
                    ? new KillSwitchEngaged(flag, KillSwitch.NEW_ACCESS)
                    : new KillSwitchReleased(flag);
        }
        if (die < 165) {
            Stage to = STAGES.get(random.nextInt(STAGES.size()));
            Percentage percentage =
                    to == Stage.PERCENTAGE ? new Percentage(1_000 * (1 + random.nextInt(5))) : Percentage.ZERO;
            return new StageMoved(flag, to, percentage, random.nextInt(4) == 0);
        }
        if (die < 180) {
            return new ParentsChanged(flag, List.of(Parent.of("flag-" + random.nextInt(FLAGS))));
        }
        if (die < 199) {
            return random.nextInt(3) == 0 ? new FlagArchived(flag) : new FlagRevived(flag);
        }
        return FlagRestored.to(flag, 1 + random.nextInt(50));
    }
}
