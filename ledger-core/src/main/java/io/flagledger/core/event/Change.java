package io.flagledger.core.event;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is to change, or has changed, about one flag. The same value is the intent of a caller and, once accepted, the fact. */
public sealed interface Change {

    /** The key of the flag. */
    String flag();

    /**
     * Answers for the kind of change that this is.
     *
     * <p>Java 17 has sealed types but no pattern switch over them; this is how the compiler still names every place
     * that has to think of a new kind.
     */
    <R> R match(Cases<R> cases);

    /** One answer for each kind of change. */
    interface Cases<R> {
        R created(FlagCreated change);

        R described(FlagDescribed change);

        R variantsDefined(VariantsDefined change);

        R stageMoved(StageMoved change);

        R allowlistChanged(AllowlistChanged change);

        R bucketingChanged(BucketingChanged change);

        R parentsChanged(ParentsChanged change);

        R killSwitchEngaged(KillSwitchEngaged change);

        R killSwitchReleased(KillSwitchReleased change);

        R restored(FlagRestored change);

        R archived(FlagArchived change);

        R revived(FlagRevived change);
    }

    /** The flag exists from now on: for admins only, released, with an empty allowlist. */
    record FlagCreated(
            String flag, ValueType type, Details details, Variants variants, Bucketing bucketing, List<Parent> parents)
            implements Change {
        public FlagCreated {
            requireNonNull(flag, "flag");
            requireNonNull(type, "type");
            requireNonNull(details, "details");
            requireNonNull(variants, "variants");
            requireNonNull(bucketing, "bucketing");
            parents = List.copyOf(parents);
        }

        /** A boolean flag with the variants {@code on} and {@code off} that draws by org. */
        public static FlagCreated bool(String flag, Parent... parents) {
            return new FlagCreated(
                    flag,
                    ValueType.BOOLEAN,
                    Details.NONE,
                    Variants.ON_OFF,
                    Bucketing.of(flag, BucketBy.ORG),
                    List.of(parents));
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.created(this);
        }
    }

    /** Some of the flag's details have new words; those that are null stay as they were. */
    record FlagDescribed(
            String flag,
            @Nullable String title,
            @Nullable String description,
            @Nullable String owner,
            @Nullable SortedSet<String> tags,
            @Nullable String ticket)
            implements Change {
        public FlagDescribed {
            requireNonNull(flag, "flag");
            tags = tags == null ? null : Collections.unmodifiableSortedSet(new TreeSet<>(tags));
        }

        /** The details that come of this change. */
        public Details applyTo(Details before) {
            return new Details(
                    title == null ? before.title() : title,
                    description == null ? before.description() : description,
                    owner == null ? before.owner() : owner,
                    tags == null ? before.tags() : tags,
                    ticket == null ? before.ticket() : ticket);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.described(this);
        }
    }

    /** The flag serves other variants, or in other shares. */
    record VariantsDefined(String flag, Variants variants) implements Change {
        public VariantsDefined {
            requireNonNull(flag, "flag");
            requireNonNull(variants, "variants");
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.variantsDefined(this);
        }
    }

    /**
     * The flag is at another stage, or at another percentage of the same.
     *
     * @param percentage 0 % unless {@code to} is {@link Stage#PERCENTAGE}
     * @param skip whether stages are left out on purpose
     */
    record StageMoved(String flag, Stage to, Percentage percentage, boolean skip) implements Change {
        public StageMoved {
            requireNonNull(flag, "flag");
            requireNonNull(to, "to");
            requireNonNull(percentage, "percentage");
            if (to != Stage.PERCENTAGE && percentage.units() != 0) {
                throw new IllegalArgumentException(
                        "only the stage PERCENTAGE has a percentage, but %s came with %s".formatted(to, percentage));
            }
        }

        /** To a stage that has no percentage, without leaving one out. */
        public static StageMoved to(String flag, Stage stage) {
            return new StageMoved(flag, stage, Percentage.ZERO, false);
        }

        /** To the stage {@link Stage#PERCENTAGE} at this percentage, without leaving a stage out. */
        public static StageMoved to(String flag, Percentage percentage) {
            return new StageMoved(flag, Stage.PERCENTAGE, percentage, false);
        }

        /** The same move, leaving stages out on purpose. */
        public StageMoved skipping() {
            return new StageMoved(flag, to, percentage, true);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.stageMoved(this);
        }
    }

    /** Users and orgs left the allowlist, and others came; who leaves goes first. */
    record AllowlistChanged(String flag, Allowlist added, Allowlist removed) implements Change {
        public AllowlistChanged {
            requireNonNull(flag, "flag");
            requireNonNull(added, "added");
            requireNonNull(removed, "removed");
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.allowlistChanged(this);
        }
    }

    /** The flag draws otherwise, so people are drawn anew. */
    record BucketingChanged(String flag, Bucketing bucketing) implements Change {
        public BucketingChanged {
            requireNonNull(flag, "flag");
            requireNonNull(bucketing, "bucketing");
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.bucketingChanged(this);
        }
    }

    /** Other flags must grant access first. */
    record ParentsChanged(String flag, List<Parent> parents) implements Change {
        public ParentsChanged {
            requireNonNull(flag, "flag");
            parents = List.copyOf(parents);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.parentsChanged(this);
        }
    }

    /** Nobody but admins is let in any more. */
    record KillSwitchEngaged(String flag, KillSwitch scope) implements Change {
        public KillSwitchEngaged {
            requireNonNull(flag, "flag");
            requireNonNull(scope, "scope");
            if (scope == KillSwitch.RELEASED) {
                throw new IllegalArgumentException(
                        "a kill switch is engaged for NEW_ACCESS or ALL_ACCESS, not RELEASED");
            }
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.killSwitchEngaged(this);
        }
    }

    /** The flag is back at the stage it had. */
    record KillSwitchReleased(String flag) implements Change {
        public KillSwitchReleased {
            requireNonNull(flag, "flag");
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.killSwitchReleased(this);
        }
    }

    /**
     * The flag is again as it was at an earlier revision, in everything: its kill switch and whether it is archived too.
     *
     * @param revision the one to go back to
     * @param definition of that revision. Null in what a caller asks for: the writer looks it up, so that nobody can
     *     restore what never was. In an event it is always there, so that a fold needs no look back.
     */
    record FlagRestored(
            String flag, long revision, @Nullable Definition definition) implements Change {
        public FlagRestored {
            requireNonNull(flag, "flag");
        }

        /** A wish to restore a revision. */
        public static FlagRestored to(String flag, long revision) {
            return new FlagRestored(flag, revision, null);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.restored(this);
        }
    }

    /** The flag serves its off variant to everybody. */
    record FlagArchived(String flag) implements Change {
        public FlagArchived {
            requireNonNull(flag, "flag");
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.archived(this);
        }
    }

    /** The flag is no longer archived. */
    record FlagRevived(String flag) implements Change {
        public FlagRevived {
            requireNonNull(flag, "flag");
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.revived(this);
        }
    }
}
