package io.flagledger.core.event;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Users and orgs that are let in by name. A user stands on it once, with or without an org. Sorted as {@link
 * String#compareTo} sorts, so that equal lists have equal bytes.
 *
 * @param users each user's entry by the user's id
 */
public record Allowlist(SortedMap<String, UserEntry> users, SortedSet<String> orgs) {
    public static final Allowlist EMPTY = new Allowlist(new TreeMap<>(), new TreeSet<>());

    public Allowlist {
        users = users.isEmpty()
                ? Collections.emptySortedMap()
                : Collections.unmodifiableSortedMap(new TreeMap<>(users));
        orgs = orgs.isEmpty() ? Collections.emptySortedSet() : Collections.unmodifiableSortedSet(new TreeSet<>(orgs));
    }

    /**
     * Makes an allowlist of these entries.
     *
     * @throws IllegalArgumentException if a user is named twice
     */
    public static Allowlist of(Collection<UserEntry> users, Collection<String> orgs) {
        SortedMap<String, UserEntry> byId = new TreeMap<>();
        for (UserEntry user : users) {
            UserEntry other = byId.put(user.id(), user);
            if (other != null) {
                throw new IllegalArgumentException(
                        "user %s is named twice: %s and %s".formatted(user.id(), other, user));
            }
        }
        return new Allowlist(byId, new TreeSet<>(orgs));
    }

    /** How many users and orgs stand on it. */
    public int size() {
        return users.size() + orgs.size();
    }

    public boolean isEmpty() {
        return size() == 0;
    }

    /** This list after some entries left and others came; who leaves goes first, and a user leaves by id. */
    public Allowlist change(Allowlist added, Allowlist removed) {
        SortedMap<String, UserEntry> changedUsers = new TreeMap<>(users);
        SortedSet<String> changedOrgs = new TreeSet<>(orgs);
        changedUsers.keySet().removeAll(removed.users.keySet());
        changedOrgs.removeAll(removed.orgs);
        changedUsers.putAll(added.users);
        changedOrgs.addAll(added.orgs);
        return new Allowlist(changedUsers, changedOrgs);
    }
}
