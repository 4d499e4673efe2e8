package io.flagledger.core.codec;

import static io.flagledger.core.codec.Wire.name;

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
import io.flagledger.core.event.Digest;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.ValueType;
import io.flagledger.wire.LedgerEvent;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

/** Events to the generated classes and back. */
final class EventWire {
    private static final ToWire TO_WIRE = new ToWire();

    private EventWire() {}

    static LedgerEvent toWire(Event event, Digest previousDigest) {
        return new LedgerEvent(
                event.environment(),
                event.sequence(),
                event.flag(),
                event.revision(),
                Wire.toWire(previousDigest),
                event.occurredAt(),
                Wire.toWire(event.actor()),
                event.reason(),
                event.changeId(),
                event.batch().index(),
                event.batch().size(),
                event.change().match(TO_WIRE));
    }

    static Recorded fromWire(LedgerEvent wire, Digest digest, Instant appendedAt) {
        Event event = new Event(
                wire.getEnvironment(),
                wire.getSequence(),
                wire.getRevision(),
                wire.getOccurredAt(),
                Wire.fromWire(wire.getActor()),
                wire.getReason(),
                wire.getChangeId(),
                new Batch(wire.getBatchIndex(), wire.getBatchSize()),
                fromWire(wire.getFlag(), wire.getChange()));
        return new Recorded(event, Wire.fromWire(wire.getPreviousDigest()), digest, appendedAt);
    }

    private static Change fromWire(String flag, Object change) {
        if (change instanceof io.flagledger.wire.FlagCreated created) {
            return new FlagCreated(
                    flag,
                    name(ValueType.class, created.getType()),
                    Wire.fromWire(created.getDetails()),
                    Wire.fromWire(created.getVariants()),
                    Wire.fromWire(created.getBucketing()),
                    Wire.fromWire(created.getParents()));
        }
        if (change instanceof io.flagledger.wire.FlagDescribed described) {
            return new FlagDescribed(
                    flag,
                    described.getTitle(),
                    described.getDescription(),
                    described.getOwner(),
                    described.getTags() == null ? null : new TreeSet<>(described.getTags()),
                    described.getTicket());
        }
        if (change instanceof io.flagledger.wire.VariantsDefined defined) {
            return new VariantsDefined(flag, Wire.fromWire(defined.getVariants()));
        }
        if (change instanceof io.flagledger.wire.StageMoved moved) {
            return new StageMoved(
                    flag, name(Stage.class, moved.getTo()), new Percentage(moved.getPercentage()), moved.getSkip());
        }
        if (change instanceof io.flagledger.wire.AllowlistChanged changed) {
            return new AllowlistChanged(flag, Wire.fromWire(changed.getAdded()), Wire.fromWire(changed.getRemoved()));
        }
        if (change instanceof io.flagledger.wire.BucketingChanged changed) {
            return new BucketingChanged(flag, Wire.fromWire(changed.getBucketing()));
        }
        if (change instanceof io.flagledger.wire.ParentsChanged changed) {
            return new ParentsChanged(flag, Wire.fromWire(changed.getParents()));
        }
        if (change instanceof io.flagledger.wire.KillSwitchEngaged engaged) {
            return new KillSwitchEngaged(flag, name(KillSwitch.class, engaged.getScope()));
        }
        if (change instanceof io.flagledger.wire.KillSwitchReleased) {
            return new KillSwitchReleased(flag);
        }
        if (change instanceof io.flagledger.wire.FlagRestored restored) {
            return new FlagRestored(flag, restored.getRevision(), Wire.fromWire(restored.getDefinition()));
        }
        if (change instanceof io.flagledger.wire.FlagArchived) {
            return new FlagArchived(flag);
        }
        if (change instanceof io.flagledger.wire.FlagRevived) {
            return new FlagRevived(flag);
        }
        throw new IllegalArgumentException(
                "a change of an unknown kind: " + change.getClass().getSimpleName());
    }

    private static final class ToWire implements Change.Cases<Object> {
        @Override
        public Object created(FlagCreated change) {
            return new io.flagledger.wire.FlagCreated(
                    name(io.flagledger.wire.ValueType.class, change.type()),
                    Wire.toWire(change.details()),
                    Wire.toWire(change.variants()),
                    Wire.toWire(change.bucketing()),
                    Wire.toWire(change.parents()));
        }

        @Override
        public Object described(FlagDescribed change) {
            return new io.flagledger.wire.FlagDescribed(
                    change.title(),
                    change.description(),
                    change.owner(),
                    change.tags() == null ? null : List.copyOf(change.tags()),
                    change.ticket());
        }

        @Override
        public Object variantsDefined(VariantsDefined change) {
            return new io.flagledger.wire.VariantsDefined(Wire.toWire(change.variants()));
        }

        @Override
        public Object stageMoved(StageMoved change) {
            return new io.flagledger.wire.StageMoved(
                    name(io.flagledger.wire.Stage.class, change.to()),
                    change.percentage().units(),
                    change.skip());
        }

        @Override
        public Object allowlistChanged(AllowlistChanged change) {
            return new io.flagledger.wire.AllowlistChanged(Wire.toWire(change.added()), Wire.toWire(change.removed()));
        }

        @Override
        public Object bucketingChanged(BucketingChanged change) {
            return new io.flagledger.wire.BucketingChanged(Wire.toWire(change.bucketing()));
        }

        @Override
        public Object parentsChanged(ParentsChanged change) {
            return new io.flagledger.wire.ParentsChanged(Wire.toWire(change.parents()));
        }

        @Override
        public Object killSwitchEngaged(KillSwitchEngaged change) {
            return new io.flagledger.wire.KillSwitchEngaged(name(io.flagledger.wire.KillSwitch.class, change.scope()));
        }

        @Override
        public Object killSwitchReleased(KillSwitchReleased change) {
            return new io.flagledger.wire.KillSwitchReleased();
        }

        @Override
        public Object restored(FlagRestored change) {
            Definition definition = change.definition();
            if (definition == null) {
                throw new IllegalArgumentException("a restoration is written with its definition, but this has none");
            }
            return new io.flagledger.wire.FlagRestored(change.revision(), Wire.toWire(definition));
        }

        @Override
        public Object archived(FlagArchived change) {
            return new io.flagledger.wire.FlagArchived();
        }

        @Override
        public Object revived(FlagRevived change) {
            return new io.flagledger.wire.FlagRevived();
        }
    }
}
