package io.flagledger.sdk;

import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagMap;
import io.flagledger.core.fold.FlagState;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the state topic said of one environment since it was last taken over. For one thread. */
final class StateImage {
    private final String environment;
    private final String ledgerId;
    private final Map<String, FlagState> flags = new HashMap<>();
    private final Map<String, FlagState> headless = new HashMap<>();
    private @Nullable Head head;
    private boolean incomplete;

    StateImage(String environment, String ledgerId) {
        this.environment = environment;
        this.ledgerId = ledgerId;
    }

    void take(StateEntry entry) {
        if (entry instanceof StateEntry.Flag flag) {
            headless.put(flag.state().key(), flag.state());
        } else if (entry instanceof Head read) {
            head = read;
            flags.putAll(headless);
            headless.clear();
        }
    }

    /** Notes that a record of the environment could not be read, after which the image is believed no more. */
    void miss() {
        incomplete = true;
    }

    /** The head that was read last, if it is of this ledger. */
    @Nullable
    Head head() {
        return head != null && head.ledgerId().equals(ledgerId) ? head : null;
    }

    /** The head that was read last, if it is of this ledger and later than the state. */
    @Nullable
    Head newerThan(EnvironmentState state) {
        Head known = head();
        return known != null && known.sequence() > state.sequence() ? known : null;
    }

    /**
     * The state as of the head that was read last; null if there is no newer one than the given, or if it can't be
     * believed: flags are missing, as after the topic was deleted and made again, or are newer than the head, as while
     * another projector fills the topic anew, or are older, as when two projectors crossed each other. Every event is one
     * revision of one flag, so of one cut the revisions add up to the sequence, and of no other mixture that has nothing
     * newer. To be asked only at the end of the topic: before it, compaction may have
     * taken away a flag that an earlier head went with.
     */
    @Nullable
    EnvironmentState over(EnvironmentState state) {
        Head newer = newerThan(state);
        if (newer == null || incomplete) {
            return null;
        }
        FlagMap<FlagState> all = state.flags();
        for (FlagState flag : flags.values()) {
            if (flag.lastChange().sequence() > newer.sequence()) {
                return null;
            }
            all = all.with(flag.key(), flag);
        }
        return all.size() == newer.flags() && revisions(all) == newer.sequence()
                ? new EnvironmentState(environment, newer.sequence(), newer.digest(), newer.ledgerTime(), 0, all)
                : null;
    }

    private static long revisions(FlagMap<FlagState> flags) {
        long[] sum = {0};
        flags.forEach((key, flag) -> sum[0] += flag.lastChange().revision());
        return sum[0];
    }

    /** The flags that were read with their head since the image was last cleared. */
    Map<String, FlagState> flags() {
        return flags;
    }

    /** Forgets all that was read, but for flags whose head is still to come. */
    void clear() {
        flags.clear();
        head = null;
    }
}
