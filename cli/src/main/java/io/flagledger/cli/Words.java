package io.flagledger.cli;

import static java.util.stream.Collectors.joining;

import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Details;
import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.event.ValueType;
import io.flagledger.core.event.Variants;
import io.flagledger.core.fold.FlagState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says in words what a change does. */
final class Words {
    private static final int MOST_ENTRIES = 6;
    private static final int MOST_CHARACTERS = 60;

    private Words() {}

    /**
     * What changed, in a few words for a table that names the flag elsewhere.
     *
     * @param before the flag before the change; null where it is not known or was not there
     */
    static String change(Change change, @Nullable FlagState before) {
        return change.match(new InBrief(before));
    }

    /** What is so now, as a sentence about the flag. */
    static String done(Change change) {
        return change.match(new Sentence());
    }

    static String stage(Stage stage, Percentage percentage) {
        return stage == Stage.PERCENTAGE ? stage + " " + percentage : stage.name();
    }

    /** What an engaged kill switch does. */
    static String kill(KillSwitch scope) {
        return scope == KillSwitch.ALL_ACCESS
                ? "only admins have access, and who was let in before is out"
                : "nobody but admins is let in any more; who was let in before may go on";
    }

    static String parents(List<Parent> parents) {
        return parents.stream().map(Parent::toString).collect(joining(", "));
    }

    /** The variants with their values. */
    static String variants(Variants variants) {
        return variants.values().entrySet().stream()
                .map(variant -> variant.getKey() + " = " + value(variant.getValue()))
                .collect(joining(", "));
    }

    /** What is served to those who have access. */
    static String on(Variants variants) {
        if (variants.on().size() == 1) {
            return variants.on().get(0).variant();
        }
        return variants.on().stream()
                .map(weight -> weight.variant() + " " + weight.weight())
                .collect(joining(", "));
    }

    static String value(FlagValue value) {
        return value instanceof FlagValue.StringValue text
                ? "\"" + shortened(text.value()) + "\""
                : shortened(String.valueOf(value.raw()));
    }

    /** The entries, users first. */
    static String entries(Allowlist list) {
        return entries(list, "");
    }

    /** The entries, each behind a sign. */
    static String entries(Allowlist list, String sign) {
        List<String> all = Stream.concat(
                        list.users().values().stream().map(UserEntry::toString),
                        list.orgs().stream().map(org -> "org " + org))
                .map(entry -> sign + entry)
                .toList();
        return all.size() <= MOST_ENTRIES
                ? String.join(", ", all)
                : String.join(", ", all.subList(0, MOST_ENTRIES))
                        + " and %,d more".formatted(all.size() - MOST_ENTRIES);
    }

    private static String shortened(String text) {
        return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
    }

    /** In a few words, with what was before where that is known. */
    private record InBrief(@Nullable FlagState before) implements Change.Cases<String> {
        @Override
        public String created(Change.FlagCreated change) {
            return "created: " + change.type()
                    + (change.variants().equals(Variants.ON_OFF) ? "" : " " + variants(change.variants()))
                    + (change.parents().isEmpty() ? "" : ", below " + parents(change.parents()));
        }

        @Override
        public String described(Change.FlagDescribed change) {
            Details after = change.applyTo(before == null ? Details.NONE : before.details());
            List<String> said = new ArrayList<>();
            Stream.of(
                            Map.entry("title", change.title() == null ? "" : after.title()),
                            Map.entry("description", change.description() == null ? "" : after.description()),
                            Map.entry("owner", change.owner() == null ? "" : after.owner()),
                            Map.entry("tags", change.tags() == null ? "" : String.join(", ", after.tags())),
                            Map.entry("ticket", change.ticket() == null ? "" : after.ticket()))
                    .filter(text -> !text.getValue().isEmpty())
                    .forEach(text -> said.add(text.getKey() + " \"" + shortened(text.getValue()) + "\""));
            return said.isEmpty() ? "described" : String.join(", ", said);
        }

        @Override
        public String variantsDefined(Change.VariantsDefined change) {
            boolean same = before != null
                    && before.variants().values().equals(change.variants().values());
            return (same ? "" : "variants " + variants(change.variants()) + "; ") + "on: " + on(change.variants())
                    + ", off: " + change.variants().off();
        }

        @Override
        public String stageMoved(Change.StageMoved change) {
            String to = stage(change.to(), change.percentage());
            if (before == null) {
                return to;
            }
            return before.stage() == Stage.PERCENTAGE && change.to() == Stage.PERCENTAGE
                    ? "PERCENTAGE %s → %s".formatted(before.percentage(), change.percentage())
                    : stage(before.stage(), before.percentage()) + " → " + to;
        }

        @Override
        public String allowlistChanged(Change.AllowlistChanged change) {
            return "allowlist "
                    + Stream.of(entries(change.removed(), "−"), entries(change.added(), "+"))
                            .filter(list -> !list.isEmpty())
                            .collect(joining(", "));
        }

        @Override
        public String bucketingChanged(Change.BucketingChanged change) {
            return "draws by %s with the seed \"%s\": people are drawn anew"
                    .formatted(change.bucketing().by(), change.bucketing().seed());
        }

        @Override
        public String parentsChanged(Change.ParentsChanged change) {
            return change.parents().isEmpty() ? "no parents any more" : "parents " + parents(change.parents());
        }

        @Override
        public String killSwitchEngaged(Change.KillSwitchEngaged change) {
            return "killed (" + change.scope() + ")";
        }

        @Override
        public String killSwitchReleased(Change.KillSwitchReleased change) {
            return before == null ? "released" : "released, back at " + stage(before.stage(), before.percentage());
        }

        @Override
        public String restored(Change.FlagRestored change) {
            return "restored to revision " + change.revision();
        }

        @Override
        public String archived(Change.FlagArchived change) {
            return "archived";
        }

        @Override
        public String revived(Change.FlagRevived change) {
            return "revived";
        }
    }

    /** As a sentence. */
    private static final class Sentence implements Change.Cases<String> {
        @Override
        public String created(Change.FlagCreated change) {
            String draws = change.bucketing().by() == BucketBy.USER ? ", drawn by user" : "";
            return "%s is there now, %s %s flag%s at %s%s"
                    .formatted(
                            change.flag(),
                            change.type() == ValueType.INTEGER || change.type() == ValueType.OBJECT ? "an" : "a",
                            change.type(),
                            change.parents().isEmpty() ? "" : " below " + parents(change.parents()),
                            Stage.ADMIN_ONLY,
                            draws);
        }

        @Override
        public String described(Change.FlagDescribed change) {
            return "%s is described: %s".formatted(change.flag(), change.match(new InBrief(null)));
        }

        @Override
        public String variantsDefined(Change.VariantsDefined change) {
            return "%s serves %s to who has access and %s to who has not now"
                    .formatted(
                            change.flag(),
                            on(change.variants()),
                            change.variants().off());
        }

        @Override
        public String stageMoved(Change.StageMoved change) {
            return "%s is at %s now".formatted(change.flag(), stage(change.to(), change.percentage()));
        }

        @Override
        public String allowlistChanged(Change.AllowlistChanged change) {
            String orgs = change.added().users().values().stream()
                    .map(UserEntry::org)
                    .flatMap(Stream::ofNullable)
                    .distinct()
                    .limit(MOST_ENTRIES)
                    .collect(joining(", "));
            return Stream.of(
                            change.removed().isEmpty() ? "" : "no longer lists " + entries(change.removed()),
                            change.added().isEmpty() ? "" : "lists " + entries(change.added()) + " now",
                            orgs.isEmpty() ? "" : "which lets in all of " + orgs)
                    .filter(part -> !part.isEmpty())
                    .collect(joining(", ", "the allowlist of " + change.flag() + " ", ""));
        }

        @Override
        public String bucketingChanged(Change.BucketingChanged change) {
            return change.flag() + " " + change.match(new InBrief(null));
        }

        @Override
        public String parentsChanged(Change.ParentsChanged change) {
            return change.parents().isEmpty()
                    ? change.flag() + " has no parents now"
                    : "%s is below %s now".formatted(change.flag(), parents(change.parents()));
        }

        @Override
        public String killSwitchEngaged(Change.KillSwitchEngaged change) {
            return "%s is killed (%s) now, with all flags below it: %s"
                    .formatted(change.flag(), change.scope(), kill(change.scope()));
        }

        @Override
        public String killSwitchReleased(Change.KillSwitchReleased change) {
            return "%s is released: back at the stage that it had".formatted(change.flag());
        }

        @Override
        public String restored(Change.FlagRestored change) {
            return "%s is as it was at revision %d again".formatted(change.flag(), change.revision());
        }

        @Override
        public String archived(Change.FlagArchived change) {
            return "%s is archived: everybody gets its off variant now".formatted(change.flag());
        }

        @Override
        public String revived(Change.FlagRevived change) {
            return "%s is revived: back at the stage that it had".formatted(change.flag());
        }
    }
}
