package io.flagledger.core.event;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * All that was decided about a flag at one of its revisions; its key and type never change.
 *
 * @param percentage 0 % unless the stage is {@link Stage#PERCENTAGE}
 */
public record Definition(
        Details details,
        Variants variants,
        Bucketing bucketing,
        Stage stage,
        Percentage percentage,
        Allowlist allowlist,
        KillSwitch killSwitch,
        List<Parent> parents,
        boolean archived) {
    public Definition {
        requireNonNull(details, "details");
        requireNonNull(variants, "variants");
        requireNonNull(bucketing, "bucketing");
        requireNonNull(stage, "stage");
        requireNonNull(percentage, "percentage");
        requireNonNull(allowlist, "allowlist");
        requireNonNull(killSwitch, "killSwitch");
        parents = List.copyOf(parents);
        // Most flags say the usual of these, and an environment has thousands: each is kept once.
        details = usual(details, Details.NONE);
        variants = usual(variants, Variants.ON_OFF);
        percentage = usual(percentage, Percentage.ZERO);
        allowlist = usual(allowlist, Allowlist.EMPTY);
    }

    private static <T> T usual(T value, T usual) {
        return value.equals(usual) ? usual : value;
    }
}
