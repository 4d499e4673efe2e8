package io.flagledger.core.evaluate;

import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.fold.FlagState;
import org.jspecify.annotations.Nullable;

/** Whom one flag lets in by itself, its parents left aside: admins, those it lists, those it draws, or everybody. */
final class Rule {
    /*
     * Stage, kill switch and archive are settled when the flag is compiled. What they rule out is not there to be asked:
     * a killed flag lists nobody and draws nobody, one that is open to all asks for nothing.
     */
    private final Reason toAdmins;
    private final Reason toOthers;
    private final boolean letsAdminsIn;
    private final boolean letsAllIn;
    private final Admitted allowlist;
    private final Admitted listed;
    private final int drawnBelow;
    private final boolean byUser;
    private final Draw access;
    private final @Nullable VariantDraw variants;

    private Rule(FlagState flag, Admitted allowlist) {
        boolean isLive = !flag.archived() && flag.killSwitch() == KillSwitch.RELEASED;
        this.toAdmins = flag.archived() ? Reason.ARCHIVED : Reason.ADMIN;
        this.toOthers = toOthers(flag);
        this.letsAdminsIn = toAdmins.granted();
        this.letsAllIn = toOthers.granted();
        this.allowlist = allowlist;
        this.listed = isLive && flag.stage() != Stage.ADMIN_ONLY ? allowlist : Admitted.NOBODY;
        this.drawnBelow =
                isLive && flag.stage() == Stage.PERCENTAGE ? flag.percentage().units() : 0;
        this.byUser = flag.bucketing().by() == BucketBy.USER;
        this.access = new Draw(flag.bucketing().seed(), Percentage.WHOLE);
        this.variants = flag.variants().on().size() == 1 ? null : VariantDraw.of(flag);
    }

    static Rule of(FlagState flag, @Nullable Rule before) {
        return new Rule(flag, Admitted.by(flag.allowlist(), before == null ? null : before.allowlist));
    }

    boolean grants(Subject subject) {
        return subject.admin() ? letsAdminsIn : letsAllIn || listed.contains(subject) || isDrawn(subject);
    }

    boolean grantsEverybody() {
        return letsAllIn;
    }

    /** What is said to an admin. */
    Reason toAdmins() {
        return toAdmins;
    }

    /** What is said to whoever is no admin, not listed and not drawn. */
    Reason toOthers() {
        return toOthers;
    }

    boolean isListed(Subject subject) {
        return listed.contains(subject);
    }

    boolean isDrawn(Subject subject) {
        if (drawnBelow == 0) {
            return false;
        }
        String unit = unit(subject);
        return unit != null && access.bucket(unit) < drawnBelow;
    }

    /** Which of the on variants the subject is served when let in, counted from 0. */
    int onVariant(Subject subject) {
        return variants == null ? 0 : variants.of(unit(subject));
    }

    /** The subject's bucket out of {@link Percentage#WHOLE}; null where there is nobody to draw. */
    @Nullable
    Integer bucket(Subject subject) {
        String unit = unit(subject);
        return unit == null ? null : access.bucket(unit);
    }

    /** The entry that lets the subject in; null if there is none. */
    Decision.@Nullable Entry entry(Subject subject) {
        return listed.entry(subject);
    }

    private static Reason toOthers(FlagState flag) {
        if (flag.archived()) {
            return Reason.ARCHIVED;
        }
        if (flag.killSwitch() != KillSwitch.RELEASED) {
            return Reason.KILLED;
        }
        return switch (flag.stage()) {
            case ADMIN_ONLY, ALLOWLIST -> Reason.STAGE;
            case PERCENTAGE -> flag.percentage().isWhole() ? Reason.PERCENTAGE : Reason.STAGE;
            case GENERALLY_AVAILABLE -> Reason.GENERALLY_AVAILABLE;
        };
    }

    private @Nullable String unit(Subject subject) {
        return byUser || subject.org() == null ? subject.user() : subject.org();
    }
}
