package io.flagledger.core.event;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A user on an allowlist.
 *
 * @param org the user's org, which this entry admits whole; null admits the user alone
 */
public record UserEntry(String id, @Nullable String org) {
    public UserEntry {
        requireNonNull(id, "id");
    }

    @Override
    public String toString() {
        return org == null ? id : id + "@" + org;
    }
}
