package io.flagledger.sdk;

import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.CompiledFlag;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Outcome;
import io.flagledger.core.evaluate.Reason;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.FlagValue.BooleanValue;
import io.flagledger.core.event.FlagValue.DoubleValue;
import io.flagledger.core.event.FlagValue.IntegerValue;
import io.flagledger.core.event.FlagValue.ObjectValue;
import io.flagledger.core.event.FlagValue.StringValue;
import io.flagledger.sdk.ValueDetails.Trouble;
import org.jspecify.annotations.Nullable;

/**
 * What is answered, from the view that is served at the moment. But for {@link #decide} and {@link #details} nothing is
 * allocated, unless somebody is told of exposures.
 */
final class Answers {
    private final Views views;
    private final Health health;
    private final @Nullable Exposures exposures;

    Answers(Views views, Health health, @Nullable Exposures exposures) {
        this.views = views;
        this.health = health;
        this.exposures = exposures;
    }

    boolean isOpen(String key, CompiledEnvironment view, @Nullable CompiledFlag flag, Subject subject) {
        if (exposures != null) {
            exposures.perhaps(subject, () -> decide(key, view, subject, views.isStale()));
        }
        return flag != null && flag.isOpen(subject); // one that is taken to be unknown is archived
    }

    boolean booleanValue(
            String key, CompiledEnvironment view, @Nullable CompiledFlag flag, Subject subject, boolean otherwise) {
        return value(key, view, flag, subject) instanceof BooleanValue is ? is.value() : otherwise;
    }

    String stringValue(
            String key, CompiledEnvironment view, @Nullable CompiledFlag flag, Subject subject, String otherwise) {
        return value(key, view, flag, subject) instanceof StringValue is ? is.value() : otherwise;
    }

    int intValue(String key, CompiledEnvironment view, @Nullable CompiledFlag flag, Subject subject, int otherwise) {
        return value(key, view, flag, subject) instanceof IntegerValue is && Kind.fitsInt(is.value())
                ? (int) is.value()
                : otherwise;
    }

    long longValue(String key, CompiledEnvironment view, @Nullable CompiledFlag flag, Subject subject, long otherwise) {
        return value(key, view, flag, subject) instanceof IntegerValue is ? is.value() : otherwise;
    }

    double doubleValue(
            String key, CompiledEnvironment view, @Nullable CompiledFlag flag, Subject subject, double otherwise) {
        return value(key, view, flag, subject) instanceof DoubleValue is ? is.value() : otherwise;
    }

    String objectValue(
            String key, CompiledEnvironment view, @Nullable CompiledFlag flag, Subject subject, String otherwise) {
        return value(key, view, flag, subject) instanceof ObjectValue is ? is.json() : otherwise;
    }

    Decision decide(String key, Subject subject) {
        boolean stale = views.isStale(); // first: flags that are read later are no older
        Decision decision = decide(key, views.served(), subject, stale);
        if (exposures != null) {
            exposures.perhaps(subject, () -> decision);
        }
        return decision;
    }

    void exposed(Served from, String key, Subject subject) {
        if (exposures != null) {
            exposures.perhaps(subject, () -> decide(key, from.flags(), subject, from.isStale()));
        }
    }

    <T> ValueDetails<T> details(Kind<T> kind, String key, Subject subject, T otherwise) {
        Decision decision = decide(key, subject);
        FlagValue served = decision.value();
        if (served == null) {
            return without(decision, otherwise);
        }
        T value = kind.read().apply(served);
        return value == null
                ? new ValueDetails<>(
                        otherwise,
                        decision,
                        Trouble.TYPE_MISMATCH,
                        "%s serves the %s %s, which is no %s".formatted(key, served.type(), served.raw(), kind.name()))
                : new ValueDetails<>(value, decision, null, null);
    }

    private <T> ValueDetails<T> without(Decision decision, T otherwise) {
        if (views.isUnknown(decision.flag())) {
            return new ValueDetails<>(
                    otherwise,
                    decision,
                    Trouble.TOO_STALE,
                    "%s is left to its default, for answers have been stale for too long".formatted(decision.flag()));
        }
        return health.isAnswering()
                ? new ValueDetails<>(otherwise, decision, Trouble.FLAG_NOT_FOUND, "there is no flag " + decision.flag())
                : new ValueDetails<>(otherwise, decision, Trouble.NOT_READY, "no flags are known yet");
    }

    private Decision decide(String key, CompiledEnvironment view, Subject subject, boolean stale) {
        Decision decision = view.decide(key, subject, stale);
        return decision.reason() == Reason.ARCHIVED && views.isUnknown(key)
                ? new Decision(
                        key,
                        false,
                        Reason.UNKNOWN_FLAG,
                        null,
                        null,
                        null,
                        null,
                        null,
                        0,
                        decision.sequence(),
                        decision.at(),
                        decision.stale())
                : decision;
    }

    private @Nullable FlagValue value(
            String key, CompiledEnvironment view, @Nullable CompiledFlag flag, Subject subject) {
        Outcome outcome = outcome(key, view, flag, subject);
        return outcome == null ? null : outcome.value();
    }

    private @Nullable Outcome outcome(
            String key, CompiledEnvironment view, @Nullable CompiledFlag flag, Subject subject) {
        if (exposures != null) {
            exposures.perhaps(subject, () -> decide(key, view, subject, views.isStale()));
        }
        if (flag == null) {
            return null;
        }
        Outcome outcome = flag.evaluate(subject);
        return outcome.reason() == Reason.ARCHIVED && views.isUnknown(key) ? null : outcome;
    }
}
