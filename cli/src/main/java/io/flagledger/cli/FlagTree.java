package io.flagledger.cli;

import io.flagledger.core.event.Parent;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Flags in the order of a tree, though a flag may have several parents: it stands once, below the deepest of them. */
final class FlagTree {
    private final EnvironmentState state;
    private final Visitor visitor;
    private final Map<String, Integer> depths = new HashMap<>();
    private final Map<String, List<FlagState>> below = new HashMap<>();

    private FlagTree(EnvironmentState state, Visitor visitor) {
        this.state = state;
        this.visitor = visitor;
    }

    static void walk(EnvironmentState state, Visitor visitor) {
        FlagTree tree = new FlagTree(state, visitor);
        for (FlagState flag : state.flags().sortedValues()) {
            tree.below
                    .computeIfAbsent(tree.home(flag), key -> new ArrayList<>())
                    .add(flag);
        }
        tree.visit("", 0);
    }

    private void visit(String parent, int depth) {
        for (FlagState flag : below.getOrDefault(parent, List.of())) {
            Set<String> told = parent.isEmpty() ? Set.of() : state.withAncestors(Set.of(parent));
            visitor.flag(
                    flag,
                    depth,
                    flag.parents().stream()
                            .filter(other -> !told.contains(other.flag())
                                    || !other.variants().isEmpty())
                            .map(Parent::toString)
                            .collect(Collectors.joining(", ")));
            visit(flag.key(), depth + 1);
        }
    }

    /** The parent below which the flag is listed; empty for none. */
    private String home(FlagState flag) {
        String home = "";
        int deepest = -1;
        for (Parent parent : flag.parents()) {
            int depth = depth(parent.flag());
            if (depth > deepest) {
                deepest = depth;
                home = parent.flag();
            }
        }
        return home;
    }

    private int depth(String key) {
        Integer known = depths.get(key);
        if (known == null) {
            FlagState flag = state.flags().get(key);
            known = flag == null
                    ? 0
                    : flag.parents().stream()
                            .mapToInt(parent -> 1 + depth(parent.flag()))
                            .max()
                            .orElse(0);
            depths.put(key, known);
        }
        return known;
    }

    /** Is handed each flag once. */
    interface Visitor {
        /**
         * Takes the next flag.
         *
         * @param others what its place does not tell: parents elsewhere, and those asked for certain variants
         */
        void flag(FlagState flag, int depth, String others);
    }
}
