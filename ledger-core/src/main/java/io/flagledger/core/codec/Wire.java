package io.flagledger.core.codec;

import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.Details;
import io.flagledger.core.event.Digest;
import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.event.Variants;
import io.flagledger.core.event.Weight;
import io.flagledger.wire.JsonObject;
import io.flagledger.wire.Sha256;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The values that events and states share, to the generated classes and back. */
final class Wire {
    private Wire() {}

    static <T extends Enum<T>> T name(Class<T> type, Enum<?> symbol) {
        return Enum.valueOf(type, symbol.name());
    }

    static Sha256 toWire(Digest digest) {
        return new Sha256(digest.toBytes());
    }

    static Digest fromWire(Sha256 digest) {
        return Digest.from(digest.bytes());
    }

    static io.flagledger.wire.Actor toWire(Actor actor) {
        return new io.flagledger.wire.Actor(
                actor.id(), name(io.flagledger.wire.ActorKind.class, actor.kind()), actor.onBehalfOf());
    }

    /** Few people and services change many flags, so that each id is kept once. */
    static Actor fromWire(io.flagledger.wire.Actor actor) {
        return new Actor(actor.getId().intern(), name(Actor.Kind.class, actor.getKind()), actor.getOnBehalfOf());
    }

    static io.flagledger.wire.Details toWire(Details details) {
        return new io.flagledger.wire.Details(
                details.title(), details.description(), details.owner(), List.copyOf(details.tags()), details.ticket());
    }

    static Details fromWire(io.flagledger.wire.Details details) {
        return new Details(
                details.getTitle(),
                details.getDescription(),
                details.getOwner(),
                new TreeSet<>(details.getTags()),
                details.getTicket());
    }

    static io.flagledger.wire.Variants toWire(Variants variants) {
        return new io.flagledger.wire.Variants(
                variants.values().entrySet().stream()
                        .map(entry -> new io.flagledger.wire.Variant(entry.getKey(), toWire(entry.getValue())))
                        .toList(),
                variants.off(),
                variants.on().stream()
                        .map(on -> new io.flagledger.wire.Weight(on.variant(), on.weight()))
                        .toList());
    }

    static Variants fromWire(io.flagledger.wire.Variants variants) {
        Map<String, FlagValue> values = new LinkedHashMap<>();
        variants.getVariants().forEach(variant -> values.put(variant.getName(), fromWire(variant.getValue())));
        return new Variants(
                values,
                variants.getOff(),
                variants.getOn().stream()
                        .map(on -> new Weight(on.getVariant(), on.getWeight()))
                        .toList());
    }

    static io.flagledger.wire.Bucketing toWire(Bucketing bucketing) {
        return new io.flagledger.wire.Bucketing(
                name(io.flagledger.wire.BucketBy.class, bucketing.by()),
                bucketing.seed(),
                name(io.flagledger.wire.BucketAlgorithm.class, bucketing.algorithm()));
    }

    static Bucketing fromWire(io.flagledger.wire.Bucketing bucketing) {
        return new Bucketing(
                name(BucketBy.class, bucketing.getBy()),
                bucketing.getSeed(),
                name(Bucketing.Algorithm.class, bucketing.getAlgorithm()));
    }

    static List<io.flagledger.wire.Parent> toWire(List<Parent> parents) {
        return parents.stream()
                .map(parent -> new io.flagledger.wire.Parent(parent.flag(), List.copyOf(parent.variants())))
                .toList();
    }

    static List<Parent> fromWire(List<io.flagledger.wire.Parent> parents) {
        return parents.stream()
                .map(parent -> new Parent(parent.getFlag(), new TreeSet<>(parent.getVariants())))
                .toList();
    }

    static io.flagledger.wire.Allowlist toWire(Allowlist list) {
        return new io.flagledger.wire.Allowlist(
                list.users().values().stream()
                        .map(user -> new io.flagledger.wire.UserEntry(user.id(), user.org()))
                        .toList(),
                List.copyOf(list.orgs()));
    }

    static Allowlist fromWire(io.flagledger.wire.Allowlist list) {
        return Allowlist.of(
                list.getUsers().stream()
                        .map(user -> new UserEntry(user.getId(), user.getOrg()))
                        .toList(),
                list.getOrgs());
    }

    static io.flagledger.wire.FlagDefinition toWire(Definition definition) {
        return new io.flagledger.wire.FlagDefinition(
                toWire(definition.details()),
                toWire(definition.variants()),
                toWire(definition.bucketing()),
                name(io.flagledger.wire.Stage.class, definition.stage()),
                definition.percentage().units(),
                toWire(definition.allowlist()),
                name(io.flagledger.wire.KillSwitch.class, definition.killSwitch()),
                toWire(definition.parents()),
                definition.archived());
    }

    static Definition fromWire(io.flagledger.wire.FlagDefinition definition) {
        return new Definition(
                fromWire(definition.getDetails()),
                fromWire(definition.getVariants()),
                fromWire(definition.getBucketing()),
                name(Stage.class, definition.getStage()),
                new Percentage(definition.getPercentage()),
                fromWire(definition.getAllowlist()),
                name(KillSwitch.class, definition.getKillSwitch()),
                fromWire(definition.getParents()),
                definition.getArchived());
    }

    private static Object toWire(FlagValue value) {
        return value instanceof FlagValue.ObjectValue object ? new JsonObject(object.json()) : value.raw();
    }

    private static FlagValue fromWire(Object value) {
        if (value instanceof Boolean bool) {
            return new FlagValue.BooleanValue(bool);
        }
        if (value instanceof String string) {
            return new FlagValue.StringValue(string);
        }
        if (value instanceof Long number) {
            return new FlagValue.IntegerValue(number);
        }
        if (value instanceof Double number) {
            return new FlagValue.DoubleValue(number);
        }
        if (value instanceof JsonObject object) {
            return new FlagValue.ObjectValue(object.getJson());
        }
        throw new IllegalArgumentException(
                "a value of an unknown kind: " + value.getClass().getSimpleName());
    }
}
