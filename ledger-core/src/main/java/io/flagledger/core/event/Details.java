package io.flagledger.core.event;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What people want to know of a flag; decides nothing. A text that nobody wrote is empty. */
public record Details(String title, String description, String owner, SortedSet<String> tags, String ticket) {
    public static final Details NONE = new Details("", "", "", Set.of(), "");

    public Details {
        requireNonNull(title, "title");
        requireNonNull(description, "description");
        requireNonNull(owner, "owner");
        tags = tags.isEmpty() ? Collections.emptySortedSet() : Collections.unmodifiableSortedSet(new TreeSet<>(tags));
        requireNonNull(ticket, "ticket");
    }

    public Details(String title, String description, String owner, Set<String> tags, String ticket) {
        this(title, description, owner, new TreeSet<>(tags), ticket);
    }

    /** Details of a flag of which only the title is known. */
    public static Details titled(String title) {
        return new Details(title, "", "", Set.of(), "");
    }
}
