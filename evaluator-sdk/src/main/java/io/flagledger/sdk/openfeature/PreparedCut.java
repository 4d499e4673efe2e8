package io.flagledger.sdk.openfeature;

import io.flagledger.core.evaluate.CompiledFlag;
import io.flagledger.core.fold.FlagState;
import io.flagledger.sdk.Served;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The flags that somebody has asked for at one cut, prepared. Gone with the cut, whose position is in every answer. */
final class PreparedCut {
    private final Served served;
    private final Map<String, PreparedFlag> flags = new ConcurrentHashMap<>();

    PreparedCut(Served served) {
        this.served = served;
    }

    Served served() {
        return served;
    }

    @SuppressWarnings("ReferenceEquality") // it is swapped as a whole
    boolean isOf(Served now) {
        return served == now;
    }

    /** The flag with this key; null if there is none. */
    @Nullable
    PreparedFlag flag(String key) {
        PreparedFlag known = flags.get(key);
        return known == null ? flags.computeIfAbsent(key, this::prepare) : known;
    }

    private @Nullable PreparedFlag prepare(String key) {
        CompiledFlag compiled = served.flags().flag(key);
        FlagState state = served.flags().state().flags().get(key);
        return compiled == null || state == null
                ? null
                : new PreparedFlag(state, compiled, served.flags().state().sequence(), served.isStale());
    }
}
