package io.flagledger.core.travel;

import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagMap;
import io.flagledger.core.fold.FlagState;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** A flag and its ancestors: all that an answer about it depends on, and a small part of an environment. */
public final class Lineage {
    private Lineage() {}

    /** The keys of the flag and of all its ancestors; none if there is no such flag. */
    public static Set<String> of(EnvironmentState state, String flag) {
        return state.withAncestors(List.of(flag));
    }

    /** The answer about a flag, with no other prepared than it takes. */
    public static Decision decide(EnvironmentState state, String flag, Subject subject) {
        EnvironmentState part = excerpt(state, of(state, flag));
        return CompiledEnvironment.of(part).decide(flag, subject, false);
    }

    /** The same position with these flags alone, and as if no batch went on: for those who know what they are doing. */
    public static EnvironmentState excerpt(EnvironmentState state, Collection<String> keys) {
        FlagMap<FlagState> part = FlagMap.empty();
        for (String key : keys) {
            FlagState flag = state.flags().get(key);
            if (flag != null) {
                part = part.with(key, flag);
            }
        }
        return new EnvironmentState(state.environment(), state.sequence(), state.digest(), state.ledgerTime(), 0, part);
    }
}
