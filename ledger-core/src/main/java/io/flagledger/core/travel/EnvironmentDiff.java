package io.flagledger.core.travel;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two states of an environment. A flag that was changed and changed back does not.
 *
 * @param flags those that differ, sorted by their keys
 */
public record EnvironmentDiff(EnvironmentState from, EnvironmentState to, List<FlagDiff> flags) {
    public EnvironmentDiff {
        requireNonNull(from, "from");
        requireNonNull(to, "to");
        flags = List.copyOf(flags);
    }

    public static EnvironmentDiff between(EnvironmentState from, EnvironmentState to) {
        TreeSet<String> keys = new TreeSet<>(from.flags().sortedKeys());
        keys.addAll(to.flags().sortedKeys());
        List<FlagDiff> flags = new ArrayList<>();
        for (String key : keys) {
            FlagDiff flag =
                    FlagDiff.between(key, from.flags().get(key), to.flags().get(key));
            if (flag != null) {
                flags.add(flag);
            }
        }
        return new EnvironmentDiff(from, to, flags);
    }

    public boolean isEmpty() {
        return flags.isEmpty();
    }

    /** What became of a flag. */
    public enum Kind {
        CREATED,
        /** It is not there: it was created only after the state that is compared to. */
        GONE,
        ARCHIVED,
        REVIVED,
        CHANGED
    }

    /**
     * One flag that differs.
     *
     * @param before null if it was not there
     * @param after null if it is not there
     * @param differences of its fields; empty if it is on one side only
     */
    public record FlagDiff(
            String flag,
            Kind kind,
            @Nullable FlagState before,
            @Nullable FlagState after,
            List<Difference> differences) {
        public FlagDiff {
            requireNonNull(flag, "flag");
            requireNonNull(kind, "kind");
            differences = List.copyOf(differences);
        }

        static @Nullable FlagDiff between(String key, @Nullable FlagState before, @Nullable FlagState after) {
            if (before == null) {
                return after == null ? null : new FlagDiff(key, Kind.CREATED, null, after, List.of());
            }
            if (after == null) {
                return new FlagDiff(key, Kind.GONE, before, null, List.of());
            }
            List<Difference> differences = Differences.between(before, after);
            return differences.isEmpty() ? null : new FlagDiff(key, kind(before, after), before, after, differences);
        }

        private static Kind kind(FlagState before, FlagState after) {
            if (before.archived() == after.archived()) {
                return Kind.CHANGED;
            }
            return after.archived() ? Kind.ARCHIVED : Kind.REVIVED;
        }
    }
}
