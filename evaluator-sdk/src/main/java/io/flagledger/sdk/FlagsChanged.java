package io.flagledger.sdk;

import io.flagledger.core.evaluate.CompiledEnvironment;
import java.util.Set;

/**
 * The flags of an environment moved from one position to a later one.
 *
 * @param before the flags as they were
 * @param after the flags as they are
 * @param changed the keys of the flags that events changed; a child whose parent changed is not among them
 */
public record FlagsChanged(CompiledEnvironment before, CompiledEnvironment after, Set<String> changed) {
    public FlagsChanged {
        changed = Set.copyOf(changed);
    }
}
