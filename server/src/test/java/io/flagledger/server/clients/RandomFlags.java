package io.flagledger.server.clients;

import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Details;
import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.event.ValueType;
import io.flagledger.core.event.Variants;
import io.flagledger.core.event.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Flags of every kind and subjects of every kind, the same for the same seed. */
final class RandomFlags {
    private static final List<Integer> UNITS = List.of(0, 1, 333, 12_500, 50_000, 77_777, 99_999, Percentage.WHOLE);

    private final Random random;
    private final List<Change> changes = new ArrayList<>();
    private final List<Change.FlagCreated> created = new ArrayList<>();

    RandomFlags(long seed) {
        random = new Random(seed);
    }

    /** What makes so many flags, in an order in which nothing is refused. */
    List<Change> changes(int flags) {
        for (int i = 0; i < flags; i++) {
            flag("flag-%03d%s".formatted(i, random.nextBoolean() ? "" : ".sub"));
        }
        return changes;
    }

    /** Somebody: with a user or an org, both or neither, an admin now and then. */
    Subject subject() {
        return new Subject(
                random.nextInt(10) == 0 ? null : user(),
                random.nextInt(3) == 0 ? null : org(),
                random.nextInt(20) == 0);
    }

    private void flag(String key) {
        ValueType type = pick(List.of(ValueType.values()));
        Variants variants = variants(type);
        String seed = random.nextInt(5) == 0 ? "shared $& seed:" : key + ":";
        Change.FlagCreated flag = new Change.FlagCreated(
                key,
                type,
                Details.NONE,
                variants,
                new Bucketing(pick(List.of(BucketBy.values())), seed, Bucketing.Algorithm.MURMUR3_SCALED),
                parents());
        changes.add(flag);
        created.add(flag);
        stage(key);
        if (random.nextInt(3) > 0) {
            allowlist(key);
        }
        if (random.nextInt(8) == 0) {
            changes.add(new Change.KillSwitchEngaged(
                    key, random.nextBoolean() ? KillSwitch.NEW_ACCESS : KillSwitch.ALL_ACCESS));
        }
        if (random.nextInt(12) == 0) {
            changes.add(new Change.FlagArchived(key));
            created.remove(flag);
        }
    }

    private void stage(String key) {
        Stage stage = pick(List.of(Stage.values()));
        if (stage == Stage.PERCENTAGE) {
            changes.add(new Change.StageMoved(key, stage, new Percentage(pick(UNITS)), true));
        } else if (stage != Stage.ADMIN_ONLY) {
            changes.add(Change.StageMoved.to(key, stage).skipping());
        }
    }

    private void allowlist(String key) {
        Set<String> ids = new TreeSet<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            ids.add(user());
        }
        List<UserEntry> users = ids.stream()
                .map(id -> new UserEntry(id, random.nextBoolean() ? org() : null))
                .toList();
        changes.add(new Change.AllowlistChanged(
                key, Allowlist.of(users, random.nextBoolean() ? Set.of(org()) : Set.of()), Allowlist.EMPTY));
    }

    private Variants variants(ValueType type) {
        Map<String, FlagValue> values = new LinkedHashMap<>();
        int count = type == ValueType.BOOLEAN ? 2 : 2 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            values.put("v" + i, value(type, i));
        }
        List<String> names = List.copyOf(values.keySet());
        List<Weight> on = new ArrayList<>();
        for (String name : names) {
            if (random.nextInt(3) > 0) {
                on.add(new Weight(name, pick(List.of(0, 1, 7, 100, 12_345))));
            }
        }
        on.add(new Weight("last", 1 + random.nextInt(50)));
        values.put("last", value(type, count));
        return new Variants(values, pick(names), on);
    }

    private static FlagValue value(ValueType type, int i) {
        return switch (type) {
            case BOOLEAN -> new FlagValue.BooleanValue(i % 2 == 0);
            case STRING -> new FlagValue.StringValue("text \"%d\" {$}".formatted(i));
            case INTEGER -> new FlagValue.IntegerValue(i * 1_000_003L - 5);
            case DOUBLE -> new FlagValue.DoubleValue(i * 0.1 + 0.05);
            case OBJECT -> new FlagValue.ObjectValue("{\"n\":%d,\"deep\":{\"list\":[1,\"two\",null]}}".formatted(i));
        };
    }

    private List<Parent> parents() {
        Set<String> flags = new LinkedHashSet<>();
        List<Parent> parents = new ArrayList<>();
        for (int i = random.nextInt(6) - 3; i > 0 && !created.isEmpty(); i--) {
            // Among the last few, so that there are chains and not only pairs; but never a deep one.
            Change.FlagCreated above = created.get(Math.max(0, created.size() - 1 - random.nextInt(40)));
            if (above.parents().size() < 2 && flags.add(above.flag())) {
                parents.add(new Parent(above.flag(), someVariants(above)));
            }
        }
        return parents;
    }

    private Set<String> someVariants(Change.FlagCreated flag) {
        Set<String> some = new TreeSet<>();
        if (random.nextBoolean()) {
            flag.variants().values().keySet().stream()
                    .filter(name -> random.nextBoolean())
                    .forEach(some::add);
        }
        return some;
    }

    private String user() {
        return pick(List.of("u-%d", "User.%d@town.example", "%d", "$%d \"quoted\" \\ {x}"))
                .formatted(random.nextInt(60));
    }

    private String org() {
        return "org-" + random.nextInt(25);
    }

    private <T> T pick(List<? extends T> some) {
        return some.get(random.nextInt(some.size()));
    }
}
