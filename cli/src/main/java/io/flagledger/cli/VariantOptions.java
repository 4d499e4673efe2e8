package io.flagledger.cli;

import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.ValueType;
import io.flagledger.core.event.Variants;
import io.flagledger.core.event.Weight;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.json.MalformedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a flag serves, as it is said on the command line. */
final class VariantOptions {
    @Option(
            names = "--variant",
            paramLabel = "NAME=VALUE",
            description = "something it can serve, of the flag's type; at least two, or none")
    private List<String> variants = new ArrayList<>();

    @Option(
            names = "--on",
            paramLabel = "NAME[=WEIGHT]",
            description = "served to who has access; several share by their weights")
    private List<String> on = new ArrayList<>();

    @Option(names = "--off", paramLabel = "NAME", description = "served to who has no access")
    private @Nullable String off;

    /** Whether nothing is said. */
    boolean isEmpty() {
        return variants.isEmpty() && on.isEmpty() && off == null;
    }

    /** The variants of a new flag. */
    Variants read(ValueType type) {
        Map<String, FlagValue> values = values(type, variants);
        String served = off;
        if (served == null) {
            if (!variants.isEmpty()) {
                throw Complaint.usage("name the variant that is served to who has no access: --off NAME");
            }
            served = Variants.ON_OFF.off();
        }
        return new Variants(values, served, weights(values, served, on));
    }

    /** The variants that a flag is to have, where what is not said stays as it is. */
    Variants change(Variants before, ValueType type) {
        boolean sameValues = variants.isEmpty();
        Map<String, FlagValue> values = sameValues ? before.values() : values(type, variants);
        String served = off == null && values.containsKey(before.off()) ? before.off() : off;
        if (served == null) {
            throw Complaint.usage("name the variant that is served to who has no access: --off NAME");
        }
        return new Variants(values, served, sameValues && on.isEmpty() ? before.on() : weights(values, served, on));
    }

    private static Map<String, FlagValue> values(ValueType type, List<String> variants) {
        if (variants.isEmpty() && type == ValueType.BOOLEAN) {
            return Variants.ON_OFF.values();
        }
        Map<String, FlagValue> values = new LinkedHashMap<>();
        for (String variant : variants) {
            int equals = variant.indexOf('=');
            if (equals < 1) {
                throw Complaint.usage("--variant %s: write NAME=VALUE, such as --variant blue=\"#00f\""
                        .formatted(Text.oneLine(variant)));
            }
            String name = variant.substring(0, equals);
            if (values.put(name, value(type, name, variant.substring(equals + 1))) != null) {
                throw Complaint.usage("the variant %s is given twice".formatted(name));
            }
        }
        if (values.size() < 2) {
            throw Complaint.usage(
                    "a %s flag needs at least two variants: --variant NAME=VALUE --variant NAME=VALUE".formatted(type));
        }
        return values;
    }

    private static FlagValue value(ValueType type, String name, String text) {
        try {
            return switch (type) {
                case BOOLEAN -> bool(text);
                case STRING -> new FlagValue.StringValue(text);
                case INTEGER -> new FlagValue.IntegerValue(Long.parseLong(text));
                case DOUBLE -> new FlagValue.DoubleValue(Double.parseDouble(text));
                case OBJECT -> LedgerJson.readObject(text);
            };
        } catch (IllegalArgumentException | MalformedException e) {
            String what = type == ValueType.OBJECT ? "JSON object" : type.name().toLowerCase(Locale.ROOT);
            throw Complaint.usage("--variant %s: '%s' is no %s%s"
                    .formatted(
                            Text.oneLine(name),
                            Text.oneLine(text),
                            what,
                            type == ValueType.BOOLEAN ? "; a flag with other values has a --type" : ""));
        }
    }

    private static FlagValue bool(String text) {
        return switch (text) {
            case "true" -> new FlagValue.BooleanValue(true);
            case "false" -> new FlagValue.BooleanValue(false);
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static List<Weight> weights(Map<String, FlagValue> values, String off, List<String> on) {
        if (!on.isEmpty()) {
            return on.stream().map(VariantOptions::weight).toList();
        }
        List<Weight> others = values.keySet().stream()
                .filter(name -> !name.equals(off))
                .map(name -> new Weight(name, 1))
                .toList();
        if (others.size() != 1) {
            throw Complaint.usage("name the variants that are served to who has access: --on NAME[=WEIGHT]");
        }
        return others;
    }

    private static Weight weight(String text) {
        int equals = text.indexOf('=');
        try {
            return equals < 0
                    ? new Weight(text, 1)
                    : new Weight(text.substring(0, equals), Integer.parseInt(text.substring(equals + 1)));
        } catch (NumberFormatException e) {
            throw Complaint.usage(
                    "--on %s: write NAME, or NAME=WEIGHT with a whole number".formatted(Text.oneLine(text)));
        }
    }
}
