package io.flagledger.core.evaluate;

import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.event.Weight;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** The rules of access as they are written down, line by line, with no thought of speed. */
final class Reference {
    private final EnvironmentState state;

    Reference(EnvironmentState state) {
        this.state = state;
    }

    Decision decide(String key, Subject subject, boolean stale) {
        FlagState flag = state.flags().get(key);
        if (flag == null) {
            return new Decision(
                    key,
                    false,
                    Reason.UNKNOWN_FLAG,
                    null,
                    null,
                    null,
                    null,
                    null,
                    0,
                    state.sequence(),
                    state.ledgerTime(),
                    stale);
        }
        Reason reason = access(flag, subject);
        String variant =
                reason.granted() ? drawn(flag, subject) : flag.variants().off();
        String unit = unit(flag, subject);
        return new Decision(
                key,
                reason.granted(),
                reason,
                variant,
                flag.variants().values().get(variant),
                reason == Reason.PARENT ? denying(flag, subject) : null,
                reason == Reason.ALLOWLIST ? entry(flag.allowlist(), subject) : null,
                unit == null ? null : bucket(flag, unit),
                flag.lastChange().revision(),
                state.sequence(),
                state.ledgerTime(),
                stale);
    }

    private Reason access(FlagState flag, Subject subject) {
        if (flag.archived()) {
            return Reason.ARCHIVED;
        }
        if (denying(flag, subject) != null) {
            return Reason.PARENT;
        }
        if (subject.admin()) {
            return Reason.ADMIN;
        }
        if (flag.killSwitch() != KillSwitch.RELEASED) {
            return Reason.KILLED;
        }
        if (flag.stage() != Stage.ADMIN_ONLY && entry(flag.allowlist(), subject) != null) {
            return Reason.ALLOWLIST;
        }
        String unit = unit(flag, subject);
        int percentage = flag.percentage().units();
        if (flag.stage() == Stage.PERCENTAGE
                && (unit == null ? percentage == 100_000 : bucket(flag, unit) < percentage)) {
            return Reason.PERCENTAGE;
        }
        return flag.stage() == Stage.GENERALLY_AVAILABLE ? Reason.GENERALLY_AVAILABLE : Reason.STAGE;
    }

    /** The first parent that does not grant access, or serves none of the variants asked for. */
    private @Nullable String denying(FlagState flag, Subject subject) {
        for (Parent parent : flag.parents()) {
            FlagState above = state.flags().get(parent.flag());
            if (above == null
                    || !access(above, subject).granted()
                    || (!parent.variants().isEmpty() && !parent.variants().contains(drawn(above, subject)))) {
                return parent.flag();
            }
        }
        return null;
    }

    private static String drawn(FlagState flag, Subject subject) {
        long total = flag.variants().on().stream().mapToLong(Weight::weight).sum();
        String unit = unit(flag, subject);
        long bucket = unit == null ? 0 : Murmur.bucket(flag.bucketing().seed() + "variant:" + unit, total);
        long sum = 0;
        for (Weight on : flag.variants().on()) {
            sum += on.weight();
            if (sum > bucket) {
                return on.variant();
            }
        }
        throw new AssertionError("a bucket is below the sum of all weights");
    }

    private static int bucket(FlagState flag, String unit) {
        return (int) Murmur.bucket(flag.bucketing().seed() + unit, 100_000);
    }

    private static @Nullable String unit(FlagState flag, Subject subject) {
        return flag.bucketing().by() == BucketBy.USER || subject.org() == null ? subject.user() : subject.org();
    }

    private static Decision.@Nullable Entry entry(Allowlist list, Subject subject) {
        UserEntry own = subject.user() == null ? null : list.users().get(subject.user());
        if (own != null) {
            return new Decision.Entry(own.id(), own.org());
        }
        String org = subject.org();
        if (org == null) {
            return null;
        }
        return list.orgs().contains(org)
                ? new Decision.Entry(null, org)
                : list.users().values().stream()
                        .filter(user -> org.equals(user.org()))
                        .min(Comparator.comparing(UserEntry::id))
                        .map(user -> new Decision.Entry(user.id(), user.org()))
                        .orElse(null);
    }
}
