package io.flagledger.core.evaluate;

import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Variants;
import io.flagledger.core.event.Weight;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An ancestor that must let the subject in, and where that is asked, serve one of some variants.
 *
 * @param served whether each of the ancestor's on variants will do; null where any will
 * @param otherwise the answer when it does not
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and of nobody outside
record Requirement(Rule rule, boolean @Nullable [] served, Outcome otherwise) {
    /*
     * Parents are flattened: a flag keeps one list of requirements, which are its ancestors' own rules in the order of a
     * depth-first walk, each ancestor once. So an evaluation never recurses, and sixteen levels of sixteen parents, each
     * the child of all those above, cost 256 checks and not 16^16. Each requirement remembers the direct parent through
     * which it was first met. Since the walk finishes one parent's ancestors before it turns to the next parent, the
     * first requirement that fails was met through the first direct parent that denies access: the one to name.
     *
     * An ancestor that lets everybody in is no requirement; when it no longer does, the flag is compiled anew.
     */
    private static final Requirement[] NONE = {};

    boolean holds(Subject subject) {
        return rule.grants(subject) && (served == null || served[rule.onVariant(subject)]);
    }

    /**
     * All that must hold before the flag itself is asked; nothing for an archived flag, which answers without.
     *
     * @param rules of all flags, as of the same position
     */
    static Requirement[] of(FlagState flag, EnvironmentState state, Function<String, Rule> rules, Outcomes outcomes) {
        if (flag.archived() || flag.parents().isEmpty()) {
            return NONE;
        }
        Walk walk = new Walk(state, rules, new HashSet<>(), new ArrayList<>());
        for (Parent parent : flag.parents()) {
            walk.to(parent, outcomes.deniedBy(parent.flag()));
        }
        return walk.found.toArray(NONE);
    }

    private record Walk(
            EnvironmentState state, Function<String, Rule> rules, Set<Parent> met, List<Requirement> found) {

        void to(Parent parent, Outcome otherwise) {
            FlagState flag = state.flags().get(parent.flag());
            if (flag == null) {
                throw new IllegalStateException(
                        "the fold lets no flag have a parent that does not exist, but here is " + parent);
            }
            if (!met.add(parent)) {
                return;
            }
            for (Parent above : flag.parents()) {
                to(above, otherwise);
            }
            Rule rule = rules.apply(flag.key());
            boolean[] served = served(parent, flag.variants());
            if (served != null || !rule.grantsEverybody()) {
                found.add(new Requirement(rule, served, otherwise));
            }
        }

        private static boolean @Nullable [] served(Parent parent, Variants variants) {
            boolean[] served = new boolean[variants.on().size()];
            boolean all = true;
            for (int i = 0; i < served.length; i++) {
                Weight on = variants.on().get(i);
                served[i] = parent.variants().isEmpty() || parent.variants().contains(on.variant());
                all &= served[i];
            }
            return all ? null : served;
        }
    }
}
