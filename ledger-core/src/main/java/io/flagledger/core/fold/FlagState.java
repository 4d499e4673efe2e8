package io.flagledger.core.fold;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.Details;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.ValueType;
import io.flagledger.core.event.Variants;
import java.util.List;

/**
 * A flag as it is after some of its history.
 *
 * @param key kept as Java keeps the literals of code, so that who looks a flag up by a literal finds it without comparing letters
 * @param definition all that was decided about it so far
 */
public record FlagState(String key, ValueType type, Definition definition, LastChange lastChange) {
    public FlagState {
        requireNonNull(key, "key");
        requireNonNull(type, "type");
        requireNonNull(definition, "definition");
        requireNonNull(lastChange, "lastChange");
    }

    static FlagState created(FlagCreated by, LastChange last) {
        Definition definition = new Definition(
                by.details(),
                by.variants(),
                by.bucketing(),
                Stage.ADMIN_ONLY,
                Percentage.ZERO,
                Allowlist.EMPTY,
                KillSwitch.RELEASED,
                by.parents(),
                false);
        return new FlagState(by.flag().intern(), by.type(), definition, last);
    }

    FlagState defined(Definition as, LastChange by) {
        return new FlagState(key, type, as, by);
    }

    public Details details() {
        return definition.details();
    }

    public Variants variants() {
        return definition.variants();
    }

    public Bucketing bucketing() {
        return definition.bucketing();
    }

    public Stage stage() {
        return definition.stage();
    }

    /** 0 % unless the stage is {@link Stage#PERCENTAGE}. */
    public Percentage percentage() {
        return definition.percentage();
    }

    public Allowlist allowlist() {
        return definition.allowlist();
    }

    public KillSwitch killSwitch() {
        return definition.killSwitch();
    }

    public List<Parent> parents() {
        return definition.parents();
    }

    public boolean archived() {
        return definition.archived();
    }
}
