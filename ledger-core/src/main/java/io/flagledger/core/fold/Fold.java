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
        LastChange last = new LastChange(event.revision(), event.sequence(), time, event.actor(), event.reason());
        FlagState after = event.change().match(new Step(flag, last));
        return new EnvironmentState(
                before.environment(),
                event.sequence(),
                recorded.digest(),
                time,
                event.batch().remaining(),
                before.flags().with(after.key(), after));
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
        long revision = flag == null ? 0 : flag.lastChange().revision();
        if (event.revision() != revision + 1) {
            return "it is revision %d of %s after revision %d".formatted(event.revision(), event.flag(), revision);
        }
        return impossible(before, flag, event.change());
    }

    private static boolean continuesBatch(EnvironmentState before, Batch batch) {
        return before.isWhole()
                ? batch.index() == 0
                : batch.index() > 0 && batch.remaining() == before.batchRemaining() - 1;
    }

    private static @Nullable String impossible(EnvironmentState state, @Nullable FlagState flag, Change change) {
        if (change instanceof FlagCreated created) {
            return flag == null
                    ? impossibleParents(state, created.flag(), created.parents())
                    : "there is a flag " + change.flag() + " already";
        }
        if (flag == null) {
            return "there is no flag " + change.flag();
        }
        if (change instanceof FlagRestored restored) {
            return restored.definition() == null
                    ? "it does not say what revision %d was".formatted(restored.revision())
                    : impossibleParents(state, flag.key(), restored.definition().parents());
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
