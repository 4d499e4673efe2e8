package io.flagledger.core.evaluate;

import io.flagledger.core.event.Variants;
import io.flagledger.core.event.Weight;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What can come of being asked, for each reason: the off variant, or one of the on variants. Flags with equal variants share it. */
@SuppressWarnings("EnumOrdinal") // an index into an array of this process, never kept; an EnumMap would be slower
final class Outcomes {
    private static final Outcomes ON_OFF = new Outcomes(Variants.ON_OFF);

    private final Variants variants;
    private final Outcome[][] byReason;

    private Outcomes(Variants variants) {
        this.variants = variants;
        this.byReason = Arrays.stream(Reason.values()).map(this::prepared).toArray(Outcome[][]::new);
    }

    static Outcomes of(Variants variants, @Nullable Outcomes before) {
        if (before != null && before.variants.equals(variants)) {
            return before;
        }
        return variants.equals(Variants.ON_OFF) ? ON_OFF : new Outcomes(variants);
    }

    /** One for each on variant, in declared order; a single one where access is denied. */
    Outcome[] of(Reason reason) {
        return byReason[reason.ordinal()];
    }

    Outcome deniedBy(String parent) {
        return Outcome.of(variants, variants.off(), Reason.PARENT, parent);
    }

    private Outcome[] prepared(Reason reason) {
        return reason.granted()
                ? variants.on().stream()
                        .map(Weight::variant)
                        .map(on -> Outcome.of(variants, on, reason, null))
                        .toArray(Outcome[]::new)
                : new Outcome[] {Outcome.of(variants, variants.off(), reason, null)};
    }
}
