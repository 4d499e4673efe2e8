package io.flagledger.core.command;

import static io.flagledger.core.command.Refusal.refusal;

import io.flagledger.core.command.Refusal.Kind;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Parent;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What parents must be like, and who has whom. */
final class ParentRules {
    static final int MAX_PARENTS = 16;
    static final int MAX_DEPTH = 16;
    private static final int NOT_BELOW = -1;

    private ParentRules() {}

    static Optional<Refusal> refuse(EnvironmentState state, Change change, List<Parent> parents) {
        if (parents.size() > MAX_PARENTS) {
            return refusal(
                    Kind.LIMIT_EXCEEDED,
                    "a flag has at most %d parents but %s would have %d"
                            .formatted(MAX_PARENTS, change.flag(), parents.size()),
                    change);
        }
        Set<String> seen = new HashSet<>();
        for (Parent parent : parents) {
            Optional<Refusal> refusal = refuseParent(state, change, parent);
            if (refusal.isPresent()) {
                return refusal;
            }
            if (!seen.add(parent.flag())) {
                return refusal(
                        Kind.BAD_COMMAND,
                        "the parent %s is named twice: name it once with all variants".formatted(parent.flag()),
                        change);
            }
        }
        if (state.withAncestors(seen).contains(change.flag())) {
            return refusal(
                    Kind.PARENT_CYCLE,
                    "%s stands above one of %s already: a flag can't be above itself".formatted(change.flag(), parents),
                    change);
        }
        return parents.isEmpty() ? Optional.empty() : refuseDepth(state, change, parents);
    }

    /** The flags that name this one as a parent, archived ones included. */
    static Stream<FlagState> children(EnvironmentState state, String flag) {
        return state.flags().sortedValues().stream()
                .filter(other -> other.parents().stream()
                        .anyMatch(parent -> parent.flag().equals(flag)));
    }

    private static Optional<Refusal> refuseParent(EnvironmentState state, Change change, Parent parent) {
        if (parent.flag().equals(change.flag())) {
            return refusal(Kind.PARENT_CYCLE, change.flag() + " can't be its own parent", change);
        }
        FlagState flag = state.flags().get(parent.flag());
        if (flag == null) {
            return refusal(
                    Kind.UNKNOWN_PARENT,
                    "the parent %s does not exist in %s: create it first".formatted(parent.flag(), state.environment()),
                    change);
        }
        if (flag.archived()) {
            return refusal(
                    Kind.ARCHIVED_PARENT,
                    "the parent %s is archived: revive it first".formatted(parent.flag()),
                    change);
        }
        for (String variant : parent.variants()) {
            if (!flag.variants().values().containsKey(variant)) {
                return refusal(
                        Kind.BAD_VARIANTS,
                        "the parent %s has no variant %s, only %s"
                                .formatted(
                                        parent.flag(),
                                        variant,
                                        flag.variants().values().keySet()),
                        change);
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> refuseDepth(EnvironmentState state, Change change, List<Parent> parents) {
        Map<String, Integer> above = new HashMap<>();
        int depth = 1
                + parents.stream()
                        .mapToInt(parent -> levelsAbove(state, parent.flag(), above))
                        .max()
                        .orElse(0);
        int total = depth + levelsBelow(state, change.flag());
        return total > MAX_DEPTH
                ? refusal(
                        Kind.LIMIT_EXCEEDED,
                        "parents go at most %d levels up, but with these there would be %d".formatted(MAX_DEPTH, total),
                        change)
                : Optional.empty();
    }

    private static int levelsAbove(EnvironmentState state, String key, Map<String, Integer> known) {
        Integer levels = known.get(key);
        if (levels == null) {
            FlagState flag = state.flags().get(key);
            levels = 0;
            for (Parent parent : flag == null ? List.<Parent>of() : flag.parents()) {
                levels = Math.max(levels, 1 + levelsAbove(state, parent.flag(), known));
            }
            known.put(key, levels);
        }
        return levels;
    }

    /** How many levels of children stand below the flag. */
    private static int levelsBelow(EnvironmentState state, String key) {
        Map<String, Integer> known = new HashMap<>();
        known.put(key, 0);
        int most = 0;
        for (String flag : state.flags().sortedKeys()) {
            most = Math.max(most, levelsBelow(state, flag, known));
        }
        return most;
    }

    private static int levelsBelow(EnvironmentState state, String key, Map<String, Integer> known) {
        Integer levels = known.get(key);
        if (levels == null) {
            FlagState flag = state.flags().get(key);
            levels = NOT_BELOW;
            for (Parent parent : flag == null ? List.<Parent>of() : flag.parents()) {
                int above = levelsBelow(state, parent.flag(), known);
                levels = above == NOT_BELOW ? levels : Math.max(levels, above + 1);
            }
            known.put(key, levels);
        }
        return levels;
    }
}
