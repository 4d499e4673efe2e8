package io.flagledger.core.fold;

import io.flagledger.core.event.Batch;
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
import io.flagledger.core.event.Event;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Recorded;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How history becomes state: the one function that writer, projector, evaluator, time travel and proof all call. */
public final class Fold {
    /*
     * A fact cannot be asked to take itself back, so the fold never judges whether a change was wise: that was the
     * decider's part, whose rules may grow stricter from release to release while the ledger stays. It does insist on
     * what a state needs to have a meaning at all (the next sequence, the right predecessor, a flag that exists, parents
     * without a cycle) and stops where that is missing. It never skips: an event passed over today would be a
     * different history tomorrow.
     *
     * Ledger time is the broker's append time made monotonic here, once, so that "the state at T" is a prefix of the
     * ledger even if a new leader's clock is behind the old one's.
     */

    private Fold() {}

    /**
     * The state after one more event.
     *
     * @throws FoldException if the event cannot follow this state
     */
    public static EnvironmentState apply(EnvironmentState before, Recorded recorded) {
        Event event = recorded.event();
        FlagState flag = before.flags().get(event.flag());
        String fault = fault(before, flag, recorded);
        if (fault != null) {
            throw new FoldException(recorded, fault);
        }
        Instant time =
                recorded.appendedAt().isBefore(before.ledgerTime()) ? before.ledgerTime() : recorded.appendedAt();
        FlagState after = step(flag, event, time);
        return new EnvironmentState(
                before.environment(),
                event.sequence(),
                recorded.digest(),
                time,
                event.batch().remaining(),
                before.flags().with(after.key(), after));
    }

    /**
     * One flag after one more of its events: for stores that keep each flag by itself, of events that were folded into
     * their environment before.
     *
     * @param flag null before its creation
     * @param recorded with its ledger time in place of the append time
     * @throws FoldException if the event is not the flag's next one
     */
    public static FlagState apply(@Nullable FlagState flag, Recorded recorded) {
        Event event = recorded.event();
        String fault = misplaced(flag, event);
        if (fault != null) {
            throw new FoldException(recorded, fault);
        }
        return step(flag, event, recorded.appendedAt());
    }

    private static FlagState step(@Nullable FlagState flag, Event event, Instant ledgerTime) {
        LastChange last = new LastChange(event.revision(), event.sequence(), ledgerTime, event.actor(), event.reason());
        return event.change().match(new Step(flag, last));
    }

    /** The state after these events, in their order. */
    public static EnvironmentState replay(EnvironmentState before, Iterable<Recorded> events) {
        EnvironmentState state = before;
        for (Recorded event : events) {
            state = apply(state, event);
        }
        return state;
    }

    /** Why the event cannot follow this state; null if it can. */
    private static @Nullable String fault(EnvironmentState before, @Nullable FlagState flag, Recorded recorded) {
        Event event = recorded.event();
        if (!event.environment().equals(before.environment())) {
            return "it belongs to another environment than " + before.environment();
        }
        if (event.sequence() != before.sequence() + 1) {
            return "the one before it was " + before.sequence();
        }
        if (!recorded.previousDigest().equals(before.digest())) {
            return "it follows an event with digest %s, but that of event %d is %s"
                    .formatted(recorded.previousDigest(), before.sequence(), before.digest());
        }
        if (!continuesBatch(before, event.batch())) {
            return "it is number %d of a batch of %d, but %d events of the batch before were still to come"
                    .formatted(event.batch().index() + 1, event.batch().size(), before.batchRemaining());
        }
        String misplaced = misplaced(flag, event);
        return misplaced == null ? impossible(before, event.change()) : misplaced;
    }

    /** Why the event cannot follow this state of its flag, whatever the other flags are; null if it can. */
    private static @Nullable String misplaced(@Nullable FlagState flag, Event event) {
        long revision = flag == null ? 0 : flag.lastChange().revision();
        if (event.revision() != revision + 1) {
            return "it is revision %d of %s after revision %d".formatted(event.revision(), event.flag(), revision);
        }
        if (event.change() instanceof FlagCreated) {
            return flag == null ? null : "there is a flag " + event.flag() + " already";
        }
        if (flag == null) {
            return "there is no flag " + event.flag();
        }
        return event.change() instanceof FlagRestored restored && restored.definition() == null
                ? "it does not say what revision %d was".formatted(restored.revision())
                : null;
    }

    private static boolean continuesBatch(EnvironmentState before, Batch batch) {
        return before.isWhole()
                ? batch.index() == 0
                : batch.index() > 0 && batch.remaining() == before.batchRemaining() - 1;
    }

    private static @Nullable String impossible(EnvironmentState state, Change change) {
        if (change instanceof FlagCreated created) {
            return impossibleParents(state, created.flag(), created.parents());
        }
        if (change instanceof FlagRestored restored && restored.definition() != null) {
            return impossibleParents(
                    state, restored.flag(), restored.definition().parents());
        }
        return change instanceof ParentsChanged changed
                ? impossibleParents(state, changed.flag(), changed.parents())
                : null;
    }

    private static @Nullable String impossibleParents(EnvironmentState state, String flag, List<Parent> parents) {
        List<String> keys = parents.stream().map(Parent::flag).toList();
        for (String key : keys) {
            if (!state.flags().contains(key)) {
                return key.equals(flag) ? "a flag can't be its own parent" : "its parent " + key + " does not exist";
            }
        }
        return state.withAncestors(keys).contains(flag) ? "its parents form a cycle" : null;
    }

    /** What each kind of change makes of a flag. */
    private record Step(@Nullable FlagState flag, LastChange last) implements Change.Cases<FlagState> {

        private FlagState edited(Consumer<Draft> edit) {
            FlagState before = before();
            return before.defined(Draft.edited(before.definition(), edit), last);
        }

        private FlagState before() {
            if (flag == null) {
                throw new IllegalStateException("only a creation comes before the flag");
            }
            return flag;
        }

        @Override
        public FlagState created(FlagCreated change) {
            return FlagState.created(change, last);
        }

        @Override
        public FlagState described(FlagDescribed change) {
            return edited(draft -> draft.details = change.applyTo(draft.details));
        }

        @Override
        public FlagState variantsDefined(VariantsDefined change) {
            return edited(draft -> draft.variants = change.variants());
        }

        @Override
        public FlagState stageMoved(StageMoved change) {
            return edited(draft -> {
                draft.stage = change.to();
                draft.percentage = change.percentage();
            });
        }

        @Override
        public FlagState allowlistChanged(AllowlistChanged change) {
            return edited(draft -> draft.allowlist = draft.allowlist.change(change.added(), change.removed()));
        }

        @Override
        public FlagState bucketingChanged(BucketingChanged change) {
            return edited(draft -> draft.bucketing = change.bucketing());
        }

        @Override
        public FlagState parentsChanged(ParentsChanged change) {
            return edited(draft -> draft.parents = change.parents());
        }

        @Override
        public FlagState killSwitchEngaged(KillSwitchEngaged change) {
            return edited(draft -> draft.killSwitch = change.scope());
        }

        @Override
        public FlagState killSwitchReleased(KillSwitchReleased change) {
            return edited(draft -> draft.killSwitch = KillSwitch.RELEASED);
        }

        @Override
        public FlagState restored(FlagRestored change) {
            Definition definition = change.definition();
            if (definition == null) {
                throw new IllegalStateException("a restoration without a definition was not stopped");
            }
            return before().defined(definition, last);
        }

        @Override
        public FlagState archived(FlagArchived change) {
            return edited(draft -> draft.archived = true);
        }

        @Override
        public FlagState revived(FlagRevived change) {
            return edited(draft -> draft.archived = false);
        }
    }
}
