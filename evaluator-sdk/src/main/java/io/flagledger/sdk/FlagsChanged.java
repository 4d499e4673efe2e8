package io.flagledger.sdk;

import io.flagledger.core.evaluate.CompiledEnvironment;
import java.util.HashSet;
import java.util.Set;

/**
 * The flags of an environment moved from one position to a later one, or some of them have begun or ceased to
 * {@linkplain FailMode fail}. What comes while listeners are busy is told together.
 *
 * @param before the flags as they were served
 * @param after the flags as they are served
 * @param changed the keys of the flags that events changed, or that fail or no longer do; a child whose parent changed
 *     is not among them
 */
public record FlagsChanged(CompiledEnvironment before, CompiledEnvironment after, Set<String> changed) {
    public FlagsChanged {
        changed = Set.copyOf(changed);
    }

    /** The keys of all flags whose answers may differ: those that changed, and all below them. Looks at each flag once. */
    @SuppressWarnings("ReferenceEquality") // a flag that nothing above it touched is the same object
    public Set<String> affected() {
        Set<String> affected = new HashSet<>(changed);
        after.state().flags().forEach((key, flag) -> {
            if (before.flag(key) != after.flag(key)) {
                affected.add(key);
            }
        });
        return affected;
    }
}
