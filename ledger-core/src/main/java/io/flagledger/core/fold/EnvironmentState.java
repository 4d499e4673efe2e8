package io.flagledger.core.fold;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Digest;
import io.flagledger.core.event.Parent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * All flags of an environment at one position of its ledger.
 *
 * @param sequence of the last event in it; 0 before the first
 * @param digest of the last event; the genesis digest before the first
 * @param ledgerTime of the last event; the epoch before the first
 * @param batchRemaining how many events of a batch are still to come before this may be shown to anybody
 */
public record EnvironmentState(
        String environment,
        long sequence,
        Digest digest,
        Instant ledgerTime,
        int batchRemaining,
        FlagMap<FlagState> flags) {
    public EnvironmentState {
        requireNonNull(environment, "environment");
        requireNonNull(digest, "digest");
        requireNonNull(ledgerTime, "ledgerTime");
        requireNonNull(flags, "flags");
    }

    /** An environment to which nothing has happened. */
    public static EnvironmentState empty(String environment) {
        return new EnvironmentState(environment, 0, Digest.genesis(environment), Instant.EPOCH, 0, FlagMap.empty());
    }

    /** Whether the last event ended its batch, so that this is a state that readers may see. */
    public boolean isWhole() {
        return batchRemaining == 0;
    }

    /** The keys of these flags and of all their parents, theirs included; unknown ones are left out. */
    public Set<String> withAncestors(Collection<String> keys) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(keys);
        while (!open.isEmpty()) {
            FlagState flag = flags.get(open.pop());
            if (flag != null && seen.add(flag.key())) {
                flag.parents().stream().map(Parent::flag).forEach(open::push);
            }
        }
        return seen;
    }
}
