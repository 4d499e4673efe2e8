package io.flagledger.server.flagd;

import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.fold.FlagState;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Tells where some flagd evaluator answers otherwise than this ledger does. */
final class Warnings {
    private static final String DRAW =
            "who is drawn depends on the evaluator where an id or the seed is not plain ASCII: npm's hashes UTF-16 units, not UTF-8";
    private static final String NUMBER = "a value is beyond 2^53, which JavaScript can't hold exactly";

    /** JavaScript's {@code Number.MAX_SAFE_INTEGER}. */
    private static final long MAX_SAFE_INTEGER = (1L << 53) - 1;

    private Warnings() {}

    /**
     * What to beware of with a flag.
     *
     * @param judged the flag and all above it, which its answers depend on
     * @return null if there is nothing
     */
    static @Nullable String of(FlagState flag, Collection<FlagState> judged) {
        boolean draws = judged.stream().anyMatch(Warnings::draws);
        boolean exact = flag.variants().values().values().stream().allMatch(Warnings::isExact);
        if (draws) {
            return exact ? DRAW : DRAW + "; " + NUMBER;
        }
        return exact ? null : NUMBER;
    }

    private static boolean draws(FlagState flag) {
        int units = flag.percentage().units();
        return (units > 0 && units < Percentage.WHOLE) || !VariantDraw.of(flag).isCertain();
    }

    private static boolean isExact(FlagValue value) {
        return !(value instanceof FlagValue.IntegerValue number) || Math.abs(number.value()) <= MAX_SAFE_INTEGER;
    }
}
