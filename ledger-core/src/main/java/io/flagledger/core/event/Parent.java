package io.flagledger.core.event;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A flag that must grant access before its child can.
 *
 * @param variants those that it must serve; empty means any
 */
public record Parent(String flag, SortedSet<String> variants) {
    public Parent {
        requireNonNull(flag, "flag");
        variants = variants.isEmpty()
                ? Collections.emptySortedSet()
                : Collections.unmodifiableSortedSet(new TreeSet<>(variants));
    }

    /** A parent that may serve any variant as long as it grants access. */
    public static Parent of(String flag) {
        return new Parent(flag, Set.of());
    }

    public Parent(String flag, Set<String> variants) {
        this(flag, new TreeSet<>(variants));
    }

    @Override
    public String toString() {
        return variants.isEmpty() ? flag : flag + "=" + String.join(",", variants);
    }
}
