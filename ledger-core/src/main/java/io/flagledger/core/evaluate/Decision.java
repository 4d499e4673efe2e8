package io.flagledger.core.evaluate;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.UserEntry;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An answer with everything that led to it.
 *
 * @param variant the one served; null for an unknown flag
 * @param value of that variant; null for an unknown flag
 * @param parent the direct parent that denied access; null unless the reason is {@link Reason#PARENT}
 * @param entry the allowlist entry that granted access; null unless the reason is {@link Reason#ALLOWLIST}
 * @param bucket of the subject, from 0 to 99 999; null where there is nothing to draw with
 * @param revision of the flag; 0 for an unknown flag
 * @param sequence of the environment's last event that the answer takes into account
 * @param at that event's ledger time
 * @param stale whether newer events may exist that the answerer could not see
 */
public record Decision(
        String flag,
        boolean granted,
        Reason reason,
        @Nullable String variant,
        @Nullable FlagValue value,
        @Nullable String parent,
        @Nullable Entry entry,
        @Nullable Integer bucket,
        long revision,
        long sequence,
        Instant at,
        boolean stale) {
    public Decision {
        requireNonNull(flag, "flag");
        requireNonNull(reason, "reason");
        requireNonNull(at, "at");
    }

    /**
     * An entry of an allowlist: a user with or without an org, or an org.
     *
     * @param user null where an org stands on the list by itself
     */
    public record Entry(@Nullable String user, @Nullable String org) {

        static Entry of(UserEntry user) {
            return new Entry(user.id(), user.org());
        }

        static Entry ofOrg(String org) {
            return new Entry(null, org);
        }
    }
}
