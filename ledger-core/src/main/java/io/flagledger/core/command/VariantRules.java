package io.flagledger.core.command;

import static io.flagledger.core.command.Refusal.refusal;

import io.flagledger.core.command.Refusal.Kind;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.Names;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.ValueType;
import io.flagledger.core.event.Variants;
import io.flagledger.core.event.Weight;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What variants and their weights must be like. */
final class VariantRules {
    static final int MAX_VALUE_BYTES = 64 * 1024;

    private VariantRules() {}

    static Optional<Refusal> refuse(Change change, ValueType type, Variants variants) {
        if (variants.values().size() < 2) {
            return bad(
                    change,
                    "a flag needs at least two variants but %s has %d"
                            .formatted(change.flag(), variants.values().size()));
        }
        for (Map.Entry<String, FlagValue> variant : variants.values().entrySet()) {
            Optional<Refusal> refusal = refuseVariant(change, type, variant.getKey(), variant.getValue());
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        if (!variants.values().containsKey(variants.off())) {
            return unknown(change, "off", variants.off(), variants);
        }
        return refuseWeights(change, variants);
    }

    /** A variant that a child asks of its parent must stay. */
    static Optional<Refusal> refuseVanishing(EnvironmentState state, Change change, Variants variants) {
        for (FlagState child : ParentRules.children(state, change.flag()).toList()) {
            for (Parent parent : child.parents()) {
                if (parent.flag().equals(change.flag())) {
                    for (String variant : parent.variants()) {
                        if (!variants.values().containsKey(variant)) {
                            return refusal(
                                    Kind.VARIANT_IN_USE,
                                    "%s asks its parent %s for the variant %s, which would vanish: change the parents of %s first"
                                            .formatted(child.key(), change.flag(), variant, child.key()),
                                    change);
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> refuseVariant(Change change, ValueType type, String name, FlagValue value) {
        if (!Names.isVariant(name)) {
            return bad(
                    change,
                    "a variant can't be called '%s': its name must match %s".formatted(name, Names.VARIANT_FORM));
        }
        if (value.type() != type) {
            return refusal(
                    Kind.WRONG_VALUE_TYPE,
                    "the variant %s has a value of type %s, but %s is a flag of type %s"
                            .formatted(name, value.type(), change.flag(), type),
                    change);
        }
        String text = value.raw() instanceof String string ? string : "";
        if (!Names.isWellFormed(text)) {
            return bad(
                    change,
                    "the value of the variant %s holds half of a surrogate pair, which no encoding can write"
                            .formatted(name));
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        return bytes > MAX_VALUE_BYTES
                ? refusal(
                        Kind.LIMIT_EXCEEDED,
                        String.format(
                                Locale.ROOT,
                                "the value of a variant has at most %,d bytes but that of %s has %,d",
                                MAX_VALUE_BYTES,
                                name,
                                bytes),
                        change)
                : Optional.empty();
    }

    private static Optional<Refusal> refuseWeights(Change change, Variants variants) {
        long sum = 0;
        Set<String> seen = new HashSet<>();
        for (Weight on : variants.on()) {
            if (!variants.values().containsKey(on.variant())) {
                return unknown(change, "on", on.variant(), variants);
            }
            if (!seen.add(on.variant())) {
                return bad(change, "the on variant %s is named twice".formatted(on.variant()));
            }
            if (on.weight() < 0) {
                return bad(
                        change,
                        "the weight of %s is %d, but a weight can't be below 0".formatted(on.variant(), on.weight()));
            }
            sum += on.weight();
        }
        if (sum < 1 || sum > Integer.MAX_VALUE) {
            return bad(
                    change,
                    "the weights of the on variants must add up to 1 … %d but make %d"
                            .formatted(Integer.MAX_VALUE, sum));
        }
        return Optional.empty();
    }

    private static Optional<Refusal> unknown(Change change, String role, String name, Variants variants) {
        return bad(
                change,
                "the %s variant %s is none of the variants %s"
                        .formatted(role, name, variants.values().keySet()));
    }

    private static Optional<Refusal> bad(Change change, String message) {
        return refusal(Kind.BAD_VARIANTS, message, change);
    }
}
