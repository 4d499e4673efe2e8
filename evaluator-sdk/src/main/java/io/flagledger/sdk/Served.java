package io.flagledger.sdk;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.evaluate.CompiledEnvironment;
import java.util.Set;

/**
 * What answers come from at one moment: for many questions that must be answered from the same cut, and for adapters.
 *
 * @param flags all flags of one position as they are served
 * @param isStale whether newer events may exist
 * @param leftToDefault the keys of the flags that {@linkplain FailMode#CODE_DEFAULT are taken to be unknown} just now,
 *     though they are among the flags, as archived
 */
public record Served(CompiledEnvironment flags, boolean isStale, Set<String> leftToDefault) {
    public Served {
        requireNonNull(flags, "flags");
        requireNonNull(leftToDefault, "leftToDefault");
    }
}
