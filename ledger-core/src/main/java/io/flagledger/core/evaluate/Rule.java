package io.flagledger.core.evaluate;

import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.Variants;
import io.flagledger.core.event.Weight;
import io.flagledger.core.fold.FlagState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one flag says of a subject by itself, its parents left aside. */
final class Rule {
    private final boolean archived;
    private final boolean killed;
    private final Stage stage;
    private final int percentage;
    private final boolean byUser;
    private final Draw access;
    private final Draw variant;
    private final int[] upperBounds;
    private final Admitted admitted;

    private Rule(FlagState flag, Admitted admitted) {
        this.archived = flag.archived();
        this.killed = flag.killSwitch() != KillSwitch.RELEASED;
        this.stage = flag.stage();
        this.percentage = flag.percentage().units();
        this.byUser = flag.bucketing().by() == BucketBy.USER;
        this.admitted = admitted;
        this.access = new Draw(flag.bucketing().seed(), Percentage.WHOLE);
        this.upperBounds = upperBounds(flag.variants());
        this.variant = new Draw(flag.bucketing().seed() + "variant:", upperBounds[upperBounds.length - 1]);
    }

    static Rule of(FlagState flag, @Nullable Rule before) {
        return new Rule(flag, Admitted.by(flag.allowlist(), before == null ? null : before.admitted));
    }

    /** Why the flag itself lets the subject in or not. */
    Reason access(Subject subject) {
        if (archived) {
            return Reason.ARCHIVED;
        }
        if (subject.admin()) {
            return Reason.ADMIN;
        }
        if (killed) {
            return Reason.KILLED;
        }
        if (stage == Stage.ADMIN_ONLY) {
            return Reason.STAGE;
        }
        if (admitted.contains(subject)) {
            return Reason.ALLOWLIST;
        }
        if (stage == Stage.PERCENTAGE) {
            return isDrawn(subject) ? Reason.PERCENTAGE : Reason.STAGE;
        }
        return stage == Stage.GENERALLY_AVAILABLE ? Reason.GENERALLY_AVAILABLE : Reason.STAGE;
    }

    boolean isArchived() {
        return archived;
    }

    /** Which of the on variants the subject is served when let in, counted from 0; the first where there is nobody to draw. */
    int onVariant(Subject subject) {
        if (upperBounds.length == 1) {
            return 0;
        }
        String unit = unit(subject);
        int bucket = unit == null ? 0 : variant.bucket(unit);
        int i = 0;
        while (bucket >= upperBounds[i]) {
            i++;
        }
        return i;
    }

    /** The subject's bucket out of {@link Percentage#WHOLE}; null where there is nobody to draw. */
    @Nullable
    Integer bucket(Subject subject) {
        String unit = unit(subject);
        return unit == null ? null : access.bucket(unit);
    }

    Decision.@Nullable Entry entry(Subject subject) {
        return admitted.entry(subject);
    }

    private boolean isDrawn(Subject subject) {
        if (percentage == Percentage.WHOLE) {
            return true;
        }
        String unit = unit(subject);
        return unit != null && access.bucket(unit) < percentage;
    }

    private @Nullable String unit(Subject subject) {
        return byUser || subject.org() == null ? subject.user() : subject.org();
    }

    private static int[] upperBounds(Variants variants) {
        List<Weight> on = variants.on();
        int[] bounds = new int[on.size()];
        int sum = 0;
        for (int i = 0; i < bounds.length; i++) {
            sum += on.get(i).weight();
            bounds[i] = sum;
        }
        return bounds;
    }
}
