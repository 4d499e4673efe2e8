package io.flagledger.sdk;

import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.FlagValue.BooleanValue;
import io.flagledger.core.event.FlagValue.DoubleValue;
import io.flagledger.core.event.FlagValue.IntegerValue;
import io.flagledger.core.event.FlagValue.ObjectValue;
import io.flagledger.core.event.FlagValue.StringValue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A type that a value can be asked for as.
 *
 * @param name for people
 * @param read the value as that type; null if it is of another
 */
record Kind<T>(String name, Function<FlagValue, @Nullable T> read) {
    static final Kind<Boolean> BOOLEAN =
            new Kind<>("boolean", value -> value instanceof BooleanValue is ? is.value() : null);
    static final Kind<String> STRING =
            new Kind<>("string", value -> value instanceof StringValue is ? is.value() : null);
    static final Kind<Integer> INT = new Kind<>(
            "int",
            value -> value instanceof IntegerValue is && fitsInt(is.value()) ? (Integer) (int) is.value() : null);
    static final Kind<Long> LONG = new Kind<>("long", value -> value instanceof IntegerValue is ? is.value() : null);
    static final Kind<Double> DOUBLE =
            new Kind<>("double", value -> value instanceof DoubleValue is ? is.value() : null);
    static final Kind<String> OBJECT =
            new Kind<>("object", value -> value instanceof ObjectValue is ? is.json() : null);

    static boolean fitsInt(long value) {
        return value == (int) value;
    }
}
