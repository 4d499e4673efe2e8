package io.flagledger.core.command;

import static io.flagledger.core.command.Refusal.refusal;

import io.flagledger.core.command.Refusal.Kind;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.AllowlistChanged;
import io.flagledger.core.event.Change.BucketingChanged;
import io.flagledger.core.event.Change.FlagArchived;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.FlagDescribed;
import io.flagledger.core.event.Change.FlagRestored;
import io.flagledger.core.event.Change.FlagRevived;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.KillSwitchReleased;
import io.flagledger.core.event.Change.ParentsChanged;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Change.VariantsDefined;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.Details;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Names;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What each kind of change must not do; each answer is a refusal, or nothing if the change may be made. */
record Rules(EnvironmentState state) implements Change.Cases<Optional<Refusal>> {
    static final int MAX_ALLOWLIST_SIZE = 10_000;
    static final int MAX_TEXT_LENGTH = 10_000;
    static final int MAX_TAGS = 64;

    @Override
    public Optional<Refusal> created(FlagCreated change) {
        if (!Names.isFlagKey(change.flag())) {
            return refusal(
                    Kind.BAD_KEY,
                    "a flag can't be called '%s': its key must match %s"
                            .formatted(shortened(change.flag()), Names.FLAG_KEY_FORM),
                    change);
        }
        FlagState flag = state.flags().get(change.flag());
        if (flag != null) {
            return refusal(
                    Kind.FLAG_EXISTS,
                    flag.archived()
                            ? "there was a flag %s, which is archived: revive it or choose another key"
                                    .formatted(change.flag())
                            : "there is a flag %s already: choose another key".formatted(change.flag()),
                    change);
        }
        return refuseDetails(change, change.details())
                .or(() -> VariantRules.refuse(change, change.type(), change.variants()))
                .or(() -> refuseSeed(change, change.bucketing()))
                .or(() -> ParentRules.refuse(state, change, change.parents()));
    }

    @Override
    public Optional<Refusal> described(FlagDescribed change) {
        return ifThere(change, flag -> {
            Details after = change.applyTo(flag.details());
            return after.equals(flag.details()) && !mentionsAnything(change)
                    ? refusal(
                            Kind.UNCHANGED,
                            "nothing is said of " + change.flag()
                                    + ": name what its title, description, owner, tags or ticket shall be",
                            change)
                    : refuseDetails(change, after);
        });
    }

    @Override
    public Optional<Refusal> variantsDefined(VariantsDefined change) {
        return ifThere(
                change,
                flag -> VariantRules.refuse(change, flag.type(), change.variants())
                        .or(() -> VariantRules.refuseVanishing(state, change, change.variants())));
    }

    @Override
    public Optional<Refusal> stageMoved(StageMoved change) {
        return ifThere(change, flag -> {
            Stage from = flag.stage();
            if (change.to() == from && change.percentage().equals(flag.percentage())) {
                return refusal(
                        Kind.UNCHANGED,
                        from == Stage.PERCENTAGE
                                ? "%s is at %s of %s already".formatted(change.flag(), from, flag.percentage())
                                : "%s is at %s already".formatted(change.flag(), from),
                        change);
            }
            List<Stage> leftOut = Stream.of(Stage.values())
                    .filter(stage -> stage.compareTo(from) > 0 && stage.compareTo(change.to()) < 0)
                    .toList();
            if (!leftOut.isEmpty() && !change.skip()) {
                return refusal(
                        Kind.STAGE_SKIPPED,
                        "%s is at %s; moving it to %s would leave out %s: go there first, or say that you mean to skip"
                                .formatted(
                                        change.flag(),
                                        from,
                                        change.to(),
                                        leftOut.stream().map(Stage::name).collect(Collectors.joining(" and "))),
                        change);
            }
            return Optional.empty();
        });
    }

    @Override
    public Optional<Refusal> allowlistChanged(AllowlistChanged change) {
        return ifThere(change, flag -> {
            if (change.added().isEmpty() && change.removed().isEmpty()) {
                return refusal(Kind.UNCHANGED, "nobody is named: name a user or an org to add or remove", change);
            }
            return refuseIds(change)
                    .or(() -> refuseRemoved(change, flag.allowlist()))
                    .or(() -> refuseAdded(change, flag.allowlist().change(Allowlist.EMPTY, change.removed())));
        });
    }

    @Override
    public Optional<Refusal> bucketingChanged(BucketingChanged change) {
        return ifThere(
                change,
                flag -> flag.bucketing().equals(change.bucketing())
                        ? refusal(
                                Kind.UNCHANGED,
                                "%s draws by %s with the seed '%s' already"
                                        .formatted(
                                                change.flag(),
                                                change.bucketing().by(),
                                                change.bucketing().seed()),
                                change)
                        : refuseSeed(change, change.bucketing()));
    }

    @Override
    public Optional<Refusal> parentsChanged(ParentsChanged change) {
        return ifThere(change, flag -> ParentRules.refuse(state, change, change.parents()));
    }

    @Override
    public Optional<Refusal> killSwitchEngaged(KillSwitchEngaged change) {
        return ifThere(
                change,
                flag -> flag.killSwitch() == change.scope()
                        ? refusal(
                                Kind.UNCHANGED,
                                "the kill switch of %s is engaged for %s already"
                                        .formatted(change.flag(), change.scope()),
                                change)
                        : Optional.empty());
    }

    @Override
    public Optional<Refusal> killSwitchReleased(KillSwitchReleased change) {
        return ifThere(
                change,
                flag -> flag.killSwitch() == KillSwitch.RELEASED
                        ? refusal(
                                Kind.UNCHANGED, "the kill switch of %s is not engaged".formatted(change.flag()), change)
                        : Optional.empty());
    }

    @Override
    public Optional<Refusal> restored(FlagRestored change) {
        return ifThere(change, flag -> {
            Definition definition = change.definition();
            if (definition == null) {
                return refusal(
                        Kind.UNKNOWN_REVISION,
                        "%s has no revision %d, only 1 to %d"
                                .formatted(
                                        change.flag(),
                                        change.revision(),
                                        flag.lastChange().revision()),
                        change);
            }
            Optional<Refusal> orphaned = definition.archived() ? refuseOrphans(change) : Optional.empty();
            return orphaned.or(() -> VariantRules.refuseVanishing(state, change, definition.variants()))
                    .or(() -> ParentRules.refuse(state, change, definition.parents()));
        });
    }

    @Override
    public Optional<Refusal> archived(FlagArchived change) {
        return ifThere(change, flag -> {
            if (flag.archived()) {
                return refusal(Kind.UNCHANGED, change.flag() + " is archived already", change);
            }
            return refuseOrphans(change);
        });
    }

    @Override
    public Optional<Refusal> revived(FlagRevived change) {
        return ifThere(
                change,
                flag -> flag.archived()
                        ? ParentRules.refuse(state, change, flag.parents())
                        : refusal(Kind.UNCHANGED, change.flag() + " is not archived", change));
    }

    /** An archived flag can be no parent. */
    private Optional<Refusal> refuseOrphans(Change change) {
        String children = ParentRules.children(state, change.flag())
                .filter(child -> !child.archived())
                .map(FlagState::key)
                .collect(Collectors.joining(", "));
        return children.isEmpty()
                ? Optional.empty()
                : refusal(
                        Kind.FLAG_IN_USE,
                        "%s is a parent of %s: give them other parents or archive them first"
                                .formatted(change.flag(), children),
                        change);
    }

    private Optional<Refusal> ifThere(Change change, Function<FlagState, Optional<Refusal>> rule) {
        FlagState flag = state.flags().get(change.flag());
        return flag == null
                ? refusal(
                        Kind.UNKNOWN_FLAG,
                        "there is no flag '%s' in %s".formatted(shortened(change.flag()), state.environment()),
                        change)
                : rule.apply(flag);
    }

    private static boolean mentionsAnything(FlagDescribed change) {
        return change.title() != null
                || change.description() != null
                || change.owner() != null
                || change.tags() != null
                || change.ticket() != null;
    }

    private static Optional<Refusal> refuseDetails(Change change, Details details) {
        List<Map.Entry<String, String>> texts = List.of(
                Map.entry("title", details.title()),
                Map.entry("description", details.description()),
                Map.entry("owner", details.owner()),
                Map.entry("tags", String.join(",", details.tags())),
                Map.entry("ticket", details.ticket()));
        for (Map.Entry<String, String> text : texts) {
            if (text.getValue().length() > MAX_TEXT_LENGTH || !Names.isWellFormed(text.getValue())) {
                return refusal(
                        Kind.LIMIT_EXCEEDED,
                        "the %s must be a text of at most %d characters".formatted(text.getKey(), MAX_TEXT_LENGTH),
                        change);
            }
        }
        return details.tags().size() > MAX_TAGS
                ? refusal(
                        Kind.LIMIT_EXCEEDED,
                        "a flag has at most %d tags but these are %d"
                                .formatted(MAX_TAGS, details.tags().size()),
                        change)
                : Optional.empty();
    }

    private static Optional<Refusal> refuseSeed(Change change, Bucketing bucketing) {
        return Names.isId(bucketing.seed())
                ? Optional.empty()
                : refusal(Kind.BAD_ID, "a seed has 1 to %d characters".formatted(Names.MAX_ID_LENGTH), change);
    }

    private static Optional<Refusal> refuseIds(AllowlistChanged change) {
        return Stream.of(change.added(), change.removed())
                .flatMap(list -> Stream.concat(
                        list.orgs().stream(),
                        list.users().values().stream()
                                .flatMap(user -> Stream.of(user.id(), user.org() == null ? user.id() : user.org()))))
                .filter(id -> !Names.isId(id))
                .findFirst()
                .map(id -> new Refusal(
                        Kind.BAD_ID,
                        "'%s' can't be the id of a user or an org: it must have 1 to %d characters"
                                .formatted(shortened(id), Names.MAX_ID_LENGTH),
                        change));
    }

    private static Optional<Refusal> refuseRemoved(AllowlistChanged change, Allowlist now) {
        for (UserEntry user : change.removed().users().values()) {
            UserEntry there = now.users().get(user.id());
            if (there == null || (user.org() != null && !user.org().equals(there.org()))) {
                return refusal(
                        Kind.UNKNOWN_ENTRY,
                        there == null
                                ? "user %s is not on the allowlist of %s".formatted(user.id(), change.flag())
                                : "user %s is on the allowlist of %s as %s, not as %s"
                                        .formatted(user.id(), change.flag(), there, user),
                        change);
            }
        }
        return change.removed().orgs().stream()
                .filter(org -> !now.orgs().contains(org))
                .findFirst()
                .map(org -> new Refusal(
                        Kind.UNKNOWN_ENTRY,
                        "org %s is not on the allowlist of %s".formatted(org, change.flag()),
                        change));
    }

    private static Optional<Refusal> refuseAdded(AllowlistChanged change, Allowlist before) {
        for (UserEntry user : change.added().users().values()) {
            UserEntry there = before.users().get(user.id());
            if (there != null) {
                return refusal(
                        Kind.ENTRY_EXISTS,
                        there.equals(user)
                                ? "user %s is on the allowlist of %s already".formatted(there, change.flag())
                                : "user %s is on the allowlist of %s already, as %s: remove that entry in the same change to replace it"
                                        .formatted(user.id(), change.flag(), there),
                        change);
            }
        }
        for (String org : change.added().orgs()) {
            if (before.orgs().contains(org)) {
                return refusal(
                        Kind.ENTRY_EXISTS,
                        "org %s is on the allowlist of %s already".formatted(org, change.flag()),
                        change);
            }
        }
        int size = before.size() + change.added().size();
        return size > MAX_ALLOWLIST_SIZE
                ? refusal(
                        Kind.LIMIT_EXCEEDED,
                        String.format(
                                Locale.ROOT,
                                "an allowlist has at most %,d entries but that of %s would have %,d",
                                MAX_ALLOWLIST_SIZE,
                                change.flag(),
                                size),
                        change)
                : Optional.empty();
    }

    private static String shortened(String text) {
        return text.length() <= 140 ? text : text.substring(0, 140) + "…";
    }
}
