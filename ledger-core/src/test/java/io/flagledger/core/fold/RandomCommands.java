package io.flagledger.core.fold;

import io.flagledger.core.command.Command;
import io.flagledger.core.event.Actor;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes up what somebody might do next to an environment. Most of it can be done; some must be refused. */
final class RandomCommands {
    static final List<String> FLAGS =
            List.of("gastown", "gastown.convoys", "gastown.merge-strategy", "hooks", "hooks.nudge", "polecats");
    static final List<String> USERS = List.of("ada", "ben", "çelik", "dee", "eli", "Eli", "組員", "🐢");
    static final List<String> ORGS = List.of("acme", "globex", "initech", "Ωmega");

    private static final List<Stage> STAGES = List.of(Stage.values());
    private static final List<String> VARIANTS = List.of("on", "off", "a", "b", "Long.Name_of-a-variant");

    private final RandomGenerator random;
    private Instant clock = MemoryLedger.START;
    private int made;

    RandomCommands(RandomGenerator random) {
        this.random = random;
    }

    Command next(EnvironmentState state) {
        clock = one(10) ? clock.minusMillis(random.nextInt(60_000)) : clock.plusMillis(random.nextInt(5_000));
        int size = one(5) ? 2 + random.nextInt(3) : 1;
        List<Change> changes = Stream.generate(() -> change(state)).limit(size).toList();
        Actor actor = one(4) ? Actor.service("deploy-bot").onBehalfOf("ada") : Actor.human(pick(USERS));
        return new Command("change-" + made++, clock, actor, "why nöt 🐢", changes, expectedRevision(state, changes));
    }

    private @Nullable Long expectedRevision(EnvironmentState state, List<Change> changes) {
        FlagState flag = state.flags().get(changes.get(0).flag());
        return one(8) && flag != null ? flag.lastChange().revision() - random.nextInt(2) : null;
    }

    private Change change(EnvironmentState state) {
        String key = pick(FLAGS);
        FlagState flag = state.flags().get(key);
        if (flag == null) {
            return one(10) ? new Change.FlagRevived(key) : created(state, key);
        }
        return switch (random.nextInt(26)) {
            case 0 -> created(state, key);
            case 1, 2 -> described(key);
            case 3, 4 -> new Change.VariantsDefined(key, variants(flag.type()));
            case 5, 6, 7, 8, 9, 10 -> moved(flag);
            case 11, 12, 13, 14 -> allowlist(flag);
            case 15 -> new Change.BucketingChanged(key, bucketing(key));
            case 16, 17 -> new Change.ParentsChanged(key, parents(state));
            case 18 -> new Change.KillSwitchEngaged(key, one(2) ? KillSwitch.NEW_ACCESS : KillSwitch.ALL_ACCESS);
            case 19, 20, 21 -> new Change.KillSwitchReleased(key);
            case 22 -> flag.archived() ? new Change.FlagRevived(key) : new Change.FlagArchived(key);
            case 23, 24 ->
                Change.FlagRestored.to(
                        key, 1 + random.nextLong(flag.lastChange().revision() + 1));
            default -> new Change.FlagRevived(key);
        };
    }

    private Change created(EnvironmentState state, String key) {
        ValueType type = one(2) ? ValueType.BOOLEAN : pick(List.of(ValueType.values()));
        Details details = one(2) ? Details.NONE : new Details("Gästown", "", "team-ui", Set.of("ui", "beta"), "GT-1");
        return new Change.FlagCreated(key, type, details, variants(type), bucketing(key), parents(state));
    }

    private Change described(String key) {
        return new Change.FlagDescribed(
                key,
                one(2) ? "Convoys " + random.nextInt(9) : null,
                one(4) ? "" : null,
                one(4) ? "team-" + random.nextInt(3) : null,
                one(4) ? new TreeSet<>(List.of("ui")) : null,
                null);
    }

    private Change moved(FlagState flag) {
        Stage to = one(5)
                ? pick(STAGES)
                : STAGES.get(Math.min(STAGES.indexOf(flag.stage()) + random.nextInt(2), STAGES.size() - 1));
        Percentage share = to == Stage.PERCENTAGE ? percentage() : Percentage.ZERO;
        return new Change.StageMoved(flag.key(), to, share, one(5));
    }

    Percentage percentage() {
        return switch (random.nextInt(4)) {
            case 0 -> Percentage.ZERO;
            case 1 -> Percentage.ALL;
            default -> new Percentage(random.nextInt(Percentage.WHOLE + 1));
        };
    }

    private Change allowlist(FlagState flag) {
        List<UserEntry> users = new ArrayList<>();
        List<String> orgs = new ArrayList<>();
        List<UserEntry> usersGone = new ArrayList<>();
        List<String> orgsGone = new ArrayList<>();
        for (String user : USERS) {
            UserEntry there = flag.allowlist().users().get(user);
            if (one(6) && there != null) {
                usersGone.add(there);
            }
            if (one(6) && (there == null || usersGone.contains(there))) {
                users.add(new UserEntry(user, one(2) ? pick(ORGS) : null));
            }
        }
        for (String org : ORGS) {
            if (one(8)) {
                (flag.allowlist().orgs().contains(org) ? orgsGone : orgs).add(org);
            }
        }
        return new Change.AllowlistChanged(flag.key(), Allowlist.of(users, orgs), Allowlist.of(usersGone, orgsGone));
    }

    private Bucketing bucketing(String key) {
        Bucketing usual = Bucketing.of(key, one(3) ? BucketBy.USER : BucketBy.ORG);
        return one(3) ? new Bucketing(usual.by(), "sée-" + random.nextInt(4), usual.algorithm()) : usual;
    }

    private List<Parent> parents(EnvironmentState state) {
        List<String> candidates = state.flags().sortedKeys();
        if (candidates.isEmpty() || one(3)) {
            return List.of();
        }
        return IntStream.rangeClosed(0, random.nextInt(2))
                .mapToObj(i -> pick(candidates))
                .distinct()
                .map(key -> new Parent(key, asked(state.flags().get(key))))
                .toList();
    }

    private Set<String> asked(@Nullable FlagState parent) {
        return parent == null || one(2)
                ? Set.of()
                : Set.of(pick(List.copyOf(parent.variants().values().keySet())));
    }

    private Variants variants(ValueType type) {
        if (type == ValueType.BOOLEAN && !one(3)) {
            return Variants.ON_OFF;
        }
        Map<String, FlagValue> values = new LinkedHashMap<>();
        int count = 2 + random.nextInt(VARIANTS.size() - 1);
        for (String name : VARIANTS.subList(0, count)) {
            values.put(name, value(type));
        }
        List<Weight> on = new ArrayList<>();
        for (String name : values.keySet()) {
            if (!name.equals("off") && (on.isEmpty() || one(2))) {
                on.add(new Weight(name, on.isEmpty() ? 1 + random.nextInt(5) : random.nextInt(5)));
            }
        }
        return new Variants(values, "off", on);
    }

    private FlagValue value(ValueType type) {
        return switch (type) {
            case BOOLEAN -> new FlagValue.BooleanValue(random.nextBoolean());
            case STRING -> new FlagValue.StringValue(one(3) ? "" : "wört \"" + random.nextInt());
            case INTEGER -> new FlagValue.IntegerValue(random.nextLong());
            case DOUBLE -> new FlagValue.DoubleValue(one(3) ? random.nextInt(9) : random.nextDouble() * 1e20);
            case OBJECT -> new FlagValue.ObjectValue("{\"limit\":%d,\"of\":[1.50,null]}".formatted(random.nextInt(9)));
        };
    }

    private boolean one(int in) {
        return random.nextInt(in) == 0;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
