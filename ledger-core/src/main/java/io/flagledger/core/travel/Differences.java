package io.flagledger.core.travel;

import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Details;
import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.event.Variants;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.travel.Difference.AllowlistDiffers;
import io.flagledger.core.travel.Difference.ChoiceDiffers;
import io.flagledger.core.travel.Difference.ParentsDiffer;
import io.flagledger.core.travel.Difference.PercentageDiffers;
import io.flagledger.core.travel.Difference.TextDiffers;
import io.flagledger.core.travel.Difference.TextsDiffer;
import io.flagledger.core.travel.Difference.TruthDiffers;
import io.flagledger.core.travel.Difference.ValuesDiffer;
import io.flagledger.core.travel.Difference.WeightsDiffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Compares two states of a flag field by field. */
public final class Differences {
    private final List<Difference> found = new ArrayList<>();

    private Differences() {}

    /**
     * Every field that differs, in the order in which a flag's JSON has them. When and by whom the flag was last changed
     * is no such field: no difference means that the flag does and says the same.
     *
     * @throws IllegalArgumentException if these are two flags
     */
    public static List<Difference> between(FlagState before, FlagState after) {
        if (!before.key().equals(after.key())) {
            throw new IllegalArgumentException(
                    "%s and %s are two flags, not two states of one".formatted(before.key(), after.key()));
        }
        Differences differences = new Differences();
        differences.choice("type", before.type(), after.type());
        differences.details(before.details(), after.details());
        differences.choice("stage", before.stage(), after.stage());
        if (!before.percentage().equals(after.percentage())) {
            differences.found.add(new PercentageDiffers("percentage", before.percentage(), after.percentage()));
        }
        differences.allowlist(before.allowlist(), after.allowlist());
        differences.choice("killSwitch", before.killSwitch(), after.killSwitch());
        if (!before.parents().equals(after.parents())) {
            differences.found.add(new ParentsDiffer("parents", before.parents(), after.parents()));
        }
        differences.variants(before.variants(), after.variants());
        differences.bucketing(before.bucketing(), after.bucketing());
        if (before.archived() != after.archived()) {
            differences.found.add(new TruthDiffers("archived", before.archived(), after.archived()));
        }
        return List.copyOf(differences.found);
    }

    private void details(Details before, Details after) {
        text("title", before.title(), after.title());
        text("description", before.description(), after.description());
        text("owner", before.owner(), after.owner());
        if (!before.tags().equals(after.tags())) {
            found.add(new TextsDiffer("tags", before.tags(), after.tags()));
        }
        text("ticket", before.ticket(), after.ticket());
    }

    private void variants(Variants before, Variants after) {
        if (!inOrder(before).equals(inOrder(after))) {
            found.add(new ValuesDiffer("variants", before.values(), after.values()));
        }
        text("off", before.off(), after.off());
        if (!before.on().equals(after.on())) {
            found.add(new WeightsDiffer("on", before.on(), after.on()));
        }
    }

    private void bucketing(Bucketing before, Bucketing after) {
        choice("bucketBy", before.by(), after.by());
        text("seed", before.seed(), after.seed());
        choice("algorithm", before.algorithm(), after.algorithm());
    }

    private void allowlist(Allowlist before, Allowlist after) {
        if (!before.equals(after)) {
            found.add(new AllowlistDiffers("allowlist", missing(after, before), missing(before, after)));
        }
    }

    private void text(String field, String before, String after) {
        if (!before.equals(after)) {
            found.add(new TextDiffers(field, before, after));
        }
    }

    private void choice(String field, Enum<?> before, Enum<?> after) {
        if (before != after) {
            found.add(new ChoiceDiffers(field, before, after));
        }
    }

    /** What of the one list is not on the other as it is. */
    private static Allowlist missing(Allowlist of, Allowlist on) {
        Collection<UserEntry> users = of.users().values().stream()
                .filter(user -> !user.equals(on.users().get(user.id())))
                .toList();
        SortedSet<String> orgs = new TreeSet<>(of.orgs());
        orgs.removeAll(on.orgs());
        return Allowlist.of(users, orgs);
    }

    private static List<Map.Entry<String, FlagValue>> inOrder(Variants variants) {
        return List.copyOf(variants.values().entrySet());
    }
}
