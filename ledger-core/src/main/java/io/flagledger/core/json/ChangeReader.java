package io.flagledger.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.Bucketing;
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
import io.flagledger.core.event.Weight;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads changes as people and programs write them: with what is usual left out. */
final class ChangeReader {
    private static final Map<String, Function<Fields, Change>> KINDS = Map.ofEntries(
            Map.entry("FlagCreated", ChangeReader::created),
            Map.entry("FlagDescribed", ChangeReader::described),
            Map.entry("VariantsDefined", ChangeReader::variantsDefined),
            Map.entry("StageMoved", ChangeReader::stageMoved),
            Map.entry("AllowlistChanged", ChangeReader::allowlistChanged),
            Map.entry("BucketingChanged", ChangeReader::bucketingChanged),
            Map.entry("ParentsChanged", ChangeReader::parentsChanged),
            Map.entry("KillSwitchEngaged", ChangeReader::killSwitchEngaged),
            Map.entry("KillSwitchReleased", fields -> new Change.KillSwitchReleased(flag(fields))),
            Map.entry("FlagRestored", ChangeReader::restored),
            Map.entry("FlagArchived", fields -> new Change.FlagArchived(flag(fields))),
            Map.entry("FlagRevived", fields -> new Change.FlagRevived(flag(fields))));

    private ChangeReader() {}

    /** The names of all kinds of changes. */
    static SortedSet<String> kinds() {
        return new TreeSet<>(KINDS.keySet());
    }

    static Change read(JsonNode node, String pointer) {
        Fields fields = new Fields(node, pointer);
        String type = fields.text("type");
        Function<Fields, Change> kind = KINDS.get(type);
        if (kind == null) {
            throw new MalformedException(
                    fields.pointer("type"),
                    "there is no change '%s', only %s".formatted(Fields.shortened(type), kinds()));
        }
        try {
            Change change = kind.apply(fields);
            fields.end();
            return change;
        } catch (IllegalArgumentException e) {
            throw new MalformedException(pointer, String.valueOf(e.getMessage()));
        }
    }

    private static String flag(Fields fields) {
        return fields.text("flag");
    }

    private static Change created(Fields fields) {
        String flag = flag(fields);
        ValueType type = fields.optionalOneOf("valueType", ValueType.class);
        Variants variants = fields.has("variants") ? variants(fields, type) : defaultVariants(fields, type);
        return new Change.FlagCreated(
                flag,
                type != null
                        ? type
                        : variants.values().values().iterator().next().type(),
                new Details(
                        fields.textOr("title", ""),
                        fields.textOr("description", ""),
                        fields.textOr("owner", ""),
                        Set.copyOf(fields.texts("tags")),
                        fields.textOr("ticket", "")),
                variants,
                bucketing(fields, flag),
                parents(fields));
    }

    private static Change described(Fields fields) {
        return new Change.FlagDescribed(
                flag(fields),
                fields.optionalText("title"),
                fields.optionalText("description"),
                fields.optionalText("owner"),
                fields.has("tags") ? new TreeSet<>(fields.texts("tags")) : null,
                fields.optionalText("ticket"));
    }

    private static Change variantsDefined(Fields fields) {
        return new Change.VariantsDefined(
                flag(fields), variants(fields, fields.optionalOneOf("valueType", ValueType.class)));
    }

    private static Change stageMoved(Fields fields) {
        Stage to = fields.oneOf("to", Stage.class);
        JsonNode percentage = fields.any("percentage");
        if (to == Stage.PERCENTAGE && percentage == null) {
            throw new MalformedException(
                    fields.pointer("percentage"), "the stage PERCENTAGE needs a number from 0 to 100 here");
        }
        if (percentage != null && !percentage.isNumber()) {
            throw new MalformedException(
                    fields.pointer("percentage"),
                    "a number from 0 to 100 is expected here but this is " + Fields.kind(percentage));
        }
        String flag = flag(fields);
        boolean skip = fields.truth("skip");
        return fields.made(
                "percentage",
                () -> new Change.StageMoved(
                        flag,
                        to,
                        percentage == null ? Percentage.ZERO : Percentage.of(percentage.decimalValue()),
                        skip));
    }

    private static Change allowlistChanged(Fields fields) {
        return new Change.AllowlistChanged(flag(fields), allowlist(fields, "added"), allowlist(fields, "removed"));
    }

    /** Both must be said: a seed left out and so made up would draw everybody anew. */
    private static Change bucketingChanged(Fields fields) {
        BucketBy by = fields.oneOf("bucketBy", BucketBy.class);
        return new Change.BucketingChanged(
                flag(fields), new Bucketing(by, fields.text("seed"), Bucketing.Algorithm.MURMUR3_SCALED));
    }

    private static Change parentsChanged(Fields fields) {
        return new Change.ParentsChanged(flag(fields), parents(fields));
    }

    private static Change killSwitchEngaged(Fields fields) {
        KillSwitch scope = fields.optionalOneOf("scope", KillSwitch.class);
        String flag = flag(fields);
        return fields.made(
                "scope", () -> new Change.KillSwitchEngaged(flag, scope == null ? KillSwitch.NEW_ACCESS : scope));
    }

    /** A definition is read over: the writer looks up what the revision was. */
    private static Change restored(Fields fields) {
        fields.any("definition");
        String flag = flag(fields);
        Long revision = fields.optionalWhole("revision");
        if (revision == null) {
            throw new MalformedException(fields.pointer("revision"), "name the revision to restore");
        }
        return Change.FlagRestored.to(flag, revision);
    }

    private static Bucketing bucketing(Fields fields, String flag) {
        BucketBy by = fields.optionalOneOf("bucketBy", BucketBy.class);
        Bucketing usual = Bucketing.of(flag, by == null ? BucketBy.ORG : by);
        return new Bucketing(usual.by(), fields.textOr("seed", usual.seed()), usual.algorithm());
    }

    private static List<Parent> parents(Fields fields) {
        return fields.list("parents", (node, pointer) -> {
            if (node.isTextual()) {
                return Parent.of(node.textValue());
            }
            Fields parent = new Fields(node, pointer);
            Parent read = new Parent(parent.text("flag"), Set.copyOf(parent.texts("variants")));
            parent.end();
            return read;
        });
    }

    private static Allowlist allowlist(Fields fields, String field) {
        JsonNode node = fields.any(field);
        if (node == null) {
            return Allowlist.EMPTY;
        }
        Fields list = new Fields(node, fields.pointer(field));
        List<UserEntry> users = list.list("users", (user, pointer) -> {
            if (user.isTextual()) {
                return new UserEntry(user.textValue(), null);
            }
            Fields entry = new Fields(user, pointer);
            UserEntry read = new UserEntry(entry.text("id"), entry.optionalText("org"));
            entry.end();
            return read;
        });
        List<String> orgs = list.texts("orgs");
        list.end();
        return list.made("users", () -> Allowlist.of(users, orgs));
    }

    private static Variants defaultVariants(Fields fields, @Nullable ValueType type) {
        if (type != null && type != ValueType.BOOLEAN) {
            throw new MalformedException(
                    fields.pointer("variants"),
                    "a flag of type %s needs variants here, such as {\"a\": …, \"b\": …}".formatted(type));
        }
        return new Variants(
                Variants.ON_OFF.values(),
                fields.textOr("off", Variants.ON_OFF.off()),
                on(fields, Variants.ON_OFF.on()));
    }

    private static Variants variants(Fields fields, @Nullable ValueType type) {
        Map<String, JsonNode> nodes = fields.members("variants", (node, pointer) -> node);
        boolean fractional = type == ValueType.DOUBLE
                || (type == null
                        && nodes.values().stream().anyMatch(node -> node.isNumber() && !node.isIntegralNumber()));
        Map<String, FlagValue> values =
                fields.members("variants", (node, pointer) -> ValueReader.read(node, pointer, fractional));
        if (values.size() < 2) {
            throw new MalformedException(
                    fields.pointer("variants"),
                    "a flag needs at least two variants but here are %d".formatted(values.size()));
        }
        String off = fields.optionalText("off");
        if (off == null) {
            throw new MalformedException(
                    fields.pointer("off"), "name the variant that is served when access is not granted");
        }
        List<Weight> other = values.size() == 2
                ? values.keySet().stream()
                        .filter(name -> !name.equals(off))
                        .map(name -> new Weight(name, 1))
                        .toList()
                : List.of();
        return new Variants(values, off, on(fields, other));
    }

    private static List<Weight> on(Fields fields, List<Weight> otherwise) {
        List<Weight> on = fields.list("on", (node, pointer) -> {
            if (node.isTextual()) {
                return new Weight(node.textValue(), 1);
            }
            Fields weight = new Fields(node, pointer);
            String variant = weight.text("variant");
            Long share = weight.optionalWhole("weight");
            weight.end();
            if (share != null && (share < 0 || share > Integer.MAX_VALUE)) {
                throw new MalformedException(
                        pointer + "/weight",
                        "a weight is from 0 to %d but this is %d".formatted(Integer.MAX_VALUE, share));
            }
            return new Weight(variant, share == null ? 1 : share.intValue());
        });
        if (on.isEmpty() && otherwise.isEmpty()) {
            throw new MalformedException(
                    fields.pointer("on"),
                    "name the variants that are served when access is granted, such as [{\"variant\": \"a\", \"weight\": 1}]");
        }
        return on.isEmpty() ? otherwise : on;
    }
}
