package io.flagledger.cli;

import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.fold.FlagState;
import org.jspecify.annotations.Nullable;

/** Says in a sentence why a subject has access or not. */
record Why(CompiledEnvironment flags, Subject subject) {

    String of(Decision decision) {
        FlagState flag = flags.state().flags().get(decision.flag());
        if (flag == null) {
            return "there is no flag " + decision.flag();
        }
        return switch (decision.reason()) {
            case ARCHIVED -> flag.key() + " is archived, so everybody gets its off variant";
            case PARENT -> ofParent(flag, decision.parent());
            case ADMIN -> "admins have access at every stage";
            case KILLED -> "%s is killed (%s): nobody but admins is let in".formatted(flag.key(), flag.killSwitch());
            case ALLOWLIST -> ofEntry(flag, decision.entry());
            case PERCENTAGE -> percentage(flag, decision.bucket());
            case GENERALLY_AVAILABLE -> flag.key() + " is generally available";
            case STAGE -> stage(flag, decision.bucket());
            case UNKNOWN_FLAG -> "there is no flag " + flag.key();
        };
    }

    private String ofParent(FlagState flag, @Nullable String key) {
        if (key == null) {
            return "a parent of %s does not grant access".formatted(flag.key());
        }
        Decision parent = flags.decide(key, subject, false);
        if (!parent.granted()) {
            return "its parent %s denies access: %s".formatted(key, of(parent));
        }
        String asked = flag.parents().stream()
                .filter(other -> other.flag().equals(key))
                .flatMap(other -> other.variants().stream())
                .reduce((one, other) -> one + " or " + other)
                .orElse("another variant");
        return "its parent %s serves %s, but %s is asked for".formatted(key, parent.variant(), asked);
    }

    private String ofEntry(FlagState flag, Decision.@Nullable Entry entry) {
        String list = "the allowlist of " + flag.key();
        if (entry == null) {
            return list;
        }
        if (entry.user() == null) {
            return "org %s is on %s".formatted(entry.org(), list);
        }
        return entry.user().equals(subject.user())
                ? "user %s is on %s".formatted(entry.user(), list)
                : "user %s is on %s and lets in all of org %s".formatted(entry.user(), list, entry.org());
    }

    private String percentage(FlagState flag, @Nullable Integer bucket) {
        return bucket == null
                ? "%s lets in %s".formatted(flag.key(), flag.percentage())
                : "%s draws %s, which is below the %s that are let in"
                        .formatted(unit(flag), share(bucket), flag.percentage());
    }

    private String stage(FlagState flag, @Nullable Integer bucket) {
        if (flag.stage() != Stage.PERCENTAGE) {
            return flag.stage() == Stage.ADMIN_ONLY
                    ? "%s is at ADMIN_ONLY, so only admins have access".formatted(flag.key())
                    : "%s is at ALLOWLIST, and %s".formatted(flag.key(), notListed());
        }
        return bucket == null
                ? "%s is at PERCENTAGE %s, and there is nobody to draw".formatted(flag.key(), flag.percentage())
                : "%s draws %s, which is not below the %s that are let in, and %s"
                        .formatted(unit(flag), share(bucket), flag.percentage(), notListed());
    }

    private String notListed() {
        String user = subject.user() == null ? null : "user " + subject.user();
        String org = subject.org() == null ? null : "org " + subject.org();
        if (user == null || org == null) {
            String one = user == null ? org : user;
            return one == null ? "nobody is named" : one + " is not on the list";
        }
        return "neither %s nor %s is on the list".formatted(user, org);
    }

    private String unit(FlagState flag) {
        return flag.bucketing().by() == BucketBy.USER || subject.org() == null
                ? "user " + subject.user()
                : "org " + subject.org();
    }

    private static String share(int bucket) {
        return new Percentage(bucket).toString();
    }
}
