package io.flagledger.core.evaluate;

import io.flagledger.core.event.Weight;
import io.flagledger.core.fold.FlagState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws which of several on variants a unit is served: a draw of its own, so that no percentage moves anybody between them. */
final class VariantDraw {
    private final int[] upperBounds;
    private final Draw draw;

    private VariantDraw(String seed, int[] upperBounds) {
        this.upperBounds = upperBounds;
        this.draw = new Draw(seed, upperBounds[upperBounds.length - 1]);
    }

    static VariantDraw of(FlagState flag) {
        List<Weight> on = flag.variants().on();
        int[] bounds = new int[on.size()];
        int sum = 0;
        for (int i = 0; i < bounds.length; i++) {
            sum += on.get(i).weight();
            bounds[i] = sum;
        }
        return new VariantDraw(flag.bucketing().seed() + "variant:", bounds);
    }

    /** The variant, counted from 0; the first that has any weight where there is nobody to draw. */
    int of(@Nullable String unit) {
        int bucket = unit == null ? 0 : draw.bucket(unit);
        int i = 0;
        while (bucket >= upperBounds[i]) {
            i++;
        }
        return i;
    }
}
