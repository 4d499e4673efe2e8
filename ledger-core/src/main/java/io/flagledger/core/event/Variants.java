package io.flagledger.core.event;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a flag can serve, and to whom.
 *
 * @param values the value of each variant, in declared order
 * @param off the variant served when access is not granted
 * @param on the variants served when access is granted, in declared order, which the draw depends on
 */
public record Variants(Map<String, FlagValue> values, String off, List<Weight> on) {
    /** A boolean flag's usual variants: {@code on} and {@code off}, and everybody with access gets {@code on}. */
    public static final Variants ON_OFF = new Variants(
            inOrder("on", new FlagValue.BooleanValue(true), "off", new FlagValue.BooleanValue(false)),
            "off",
            List.of(new Weight("on", 1)));

    public Variants {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        requireNonNull(off, "off");
        on = List.copyOf(on);
    }

    private static Map<String, FlagValue> inOrder(
            String first, FlagValue firstValue, String second, FlagValue secondValue) {
        Map<String, FlagValue> values = new LinkedHashMap<>();
        values.put(first, firstValue);
        values.put(second, secondValue);
        return values;
    }

    // A map's equality knows no order, but the order is part of what was declared.
    @Override
    public boolean equals(Object other) {
        return other instanceof Variants that
                && off.equals(that.off)
                && on.equals(that.on)
                && List.copyOf(values.entrySet()).equals(List.copyOf(that.values.entrySet()));
    }

    @Override
    public int hashCode() {
        return 31 * (31 * values.hashCode() + off.hashCode()) + on.hashCode();
    }
}
