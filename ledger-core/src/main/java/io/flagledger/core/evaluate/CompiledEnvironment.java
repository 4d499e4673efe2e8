package io.flagledger.core.evaluate;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Parent;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagMap;
import io.flagledger.core.fold.FlagState;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All flags of an environment made ready for evaluation at one position: one consistent cut, in which a child and its
 * parent are never of different positions. Immutable.
 */
public final class CompiledEnvironment {
    private final EnvironmentState state;
    private final FlagMap<CompiledFlag> flags;

    private CompiledEnvironment(EnvironmentState state, FlagMap<CompiledFlag> flags) {
        this.state = state;
        this.flags = flags;
    }

    /**
     * Prepares all flags of a state.
     *
     * @throws IllegalArgumentException if the state lies within a batch, which nobody may see
     */
    public static CompiledEnvironment of(EnvironmentState state) {
        return new CompiledEnvironment(EnvironmentState.empty(state.environment()), FlagMap.empty())
                .next(state, state.flags().sortedKeys());
    }

    /**
     * Prepares the flags of a later state, taking over those that are still the same.
     *
     * @param changed the keys of all flags that differ
     * @throws IllegalArgumentException if the state lies within a batch, which nobody may see
     */
    public CompiledEnvironment next(EnvironmentState later, Collection<String> changed) {
        if (!later.isWhole()) {
            throw new IllegalArgumentException(
                    "event %d of %s does not end its batch".formatted(later.sequence(), later.environment()));
        }
        Map<String, Rule> newRules = new HashMap<>();
        for (String key : changed) {
            FlagState flag = later.flags().get(key);
            if (flag != null) {
                CompiledFlag before = flags.get(key);
                newRules.put(key, Rule.of(flag, before == null ? null : before.rule()));
            }
        }
        FlagMap<CompiledFlag> newFlags = flags;
        for (String key : withDescendants(later, changed)) {
            FlagState flag = later.flags().get(key);
            if (flag != null) {
                newFlags = newFlags.with(flag.key(), compiled(flag, later, newRules));
            }
        }
        return new CompiledEnvironment(later, newFlags);
    }

    private CompiledFlag compiled(FlagState flag, EnvironmentState later, Map<String, Rule> newRules) {
        CompiledFlag before = flags.get(flag.key());
        Outcomes outcomes = Outcomes.of(flag.variants(), before == null ? null : before.outcomes());
        return new CompiledFlag(
                flag,
                Requirement.of(flag, later, key -> rule(key, newRules), outcomes),
                rule(flag.key(), newRules),
                outcomes);
    }

    private Rule rule(String key, Map<String, Rule> newRules) {
        Rule rule = newRules.get(key);
        return rule != null ? rule : requireNonNull(flags.get(key), key).rule();
    }

    /** The state that the flags were prepared from. */
    public EnvironmentState state() {
        return state;
    }

    /** The flag with this key; null if there is none. */
    public @Nullable CompiledFlag flag(String key) {
        return flags.get(key);
    }

    /** The answer for a subject with everything that led to it. */
    public Decision decide(String key, Subject subject, boolean stale) {
        CompiledFlag flag = flags.get(key);
        return flag == null
                ? new Decision(
                        key,
                        false,
                        Reason.UNKNOWN_FLAG,
                        null,
                        null,
                        null,
                        null,
                        null,
                        0,
                        state.sequence(),
                        state.ledgerTime(),
                        stale)
                : flag.decide(subject, state.sequence(), state.ledgerTime(), stale);
    }

    private static Set<String> withDescendants(EnvironmentState state, Collection<String> changed) {
        Set<String> affected = new HashSet<>(changed);
        boolean[] grew = {true};
        while (grew[0]) {
            grew[0] = false;
            state.flags().forEach((key, flag) -> {
                for (Parent parent : flag.parents()) {
                    if (affected.contains(parent.flag()) && affected.add(key)) {
                        grew[0] = true;
                    }
                }
            });
        }
        return affected;
    }
}
