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
 * @param percentage 0 % unless the stage is {@link Stage#PERCENTAGE}
 */
public record FlagState(
        String key,
        ValueType type,
        Details details,
        Variants variants,
        Bucketing bucketing,
        Stage stage,
        Percentage percentage,
        Allowlist allowlist,
        KillSwitch killSwitch,
        List<Parent> parents,
        boolean archived,
        LastChange lastChange) {
    public FlagState {
        requireNonNull(key, "key");
        requireNonNull(type, "type");
        requireNonNull(details, "details");
        requireNonNull(variants, "variants");
        requireNonNull(bucketing, "bucketing");
        requireNonNull(stage, "stage");
        requireNonNull(percentage, "percentage");
        requireNonNull(allowlist, "allowlist");
        requireNonNull(killSwitch, "killSwitch");
        parents = List.copyOf(parents);
        requireNonNull(lastChange, "lastChange");
    }

    static FlagState created(FlagCreated by, LastChange last) {
        return new FlagState(
                by.flag(),
                by.type(),
                by.details(),
                by.variants(),
                by.bucketing(),
                Stage.ADMIN_ONLY,
                Percentage.ZERO,
                Allowlist.EMPTY,
                KillSwitch.RELEASED,
                by.parents(),
                false,
                last);
    }

    /** All that was decided about the flag so far. */
    public Definition definition() {
        return new Definition(
                details, variants, bucketing, stage, percentage, allowlist, killSwitch, parents, archived);
    }

    FlagState restored(Definition to) {
        return new FlagState(
                key,
                type,
                to.details(),
                to.variants(),
                to.bucketing(),
                to.stage(),
                to.percentage(),
                to.allowlist(),
                to.killSwitch(),
                to.parents(),
                to.archived(),
                lastChange);
    }

    FlagState described(Details words) {
        return new FlagState(
                key,
                type,
                words,
                variants,
                bucketing,
                stage,
                percentage,
                allowlist,
                killSwitch,
                parents,
                archived,
                lastChange);
    }

    FlagState serving(Variants others) {
        return new FlagState(
                key,
                type,
                details,
                others,
                bucketing,
                stage,
                percentage,
                allowlist,
                killSwitch,
                parents,
                archived,
                lastChange);
    }

    FlagState drawing(Bucketing otherwise) {
        return new FlagState(
                key,
                type,
                details,
                variants,
                otherwise,
                stage,
                percentage,
                allowlist,
                killSwitch,
                parents,
                archived,
                lastChange);
    }

    FlagState at(Stage other, Percentage share) {
        return new FlagState(
                key,
                type,
                details,
                variants,
                bucketing,
                other,
                share,
                allowlist,
                killSwitch,
                parents,
                archived,
                lastChange);
    }

    FlagState admitting(Allowlist others) {
        return new FlagState(
                key,
                type,
                details,
                variants,
                bucketing,
                stage,
                percentage,
                others,
                killSwitch,
                parents,
                archived,
                lastChange);
    }

    FlagState switched(KillSwitch to) {
        return new FlagState(
                key,
                type,
                details,
                variants,
                bucketing,
                stage,
                percentage,
                allowlist,
                to,
                parents,
                archived,
                lastChange);
    }

    FlagState below(List<Parent> others) {
        return new FlagState(
                key,
                type,
                details,
                variants,
                bucketing,
                stage,
                percentage,
                allowlist,
                killSwitch,
                others,
                archived,
                lastChange);
    }

    FlagState archived(boolean now) {
        return new FlagState(
                key,
                type,
                details,
                variants,
                bucketing,
                stage,
                percentage,
                allowlist,
                killSwitch,
                parents,
                now,
                lastChange);
    }

    FlagState changed(LastChange last) {
        return new FlagState(
                key,
                type,
                details,
                variants,
                bucketing,
                stage,
                percentage,
                allowlist,
                killSwitch,
                parents,
                archived,
                last);
    }
}
