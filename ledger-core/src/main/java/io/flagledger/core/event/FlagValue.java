package io.flagledger.core.event;

import static java.util.Objects.requireNonNull;

/** A value that a flag can serve. */
public sealed interface FlagValue {

    /** Returns the type of flag that can serve this value. */
    ValueType type();

    /** Returns the value as Java knows it: a {@code Boolean}, {@code String}, {@code Long}, {@code Double}, or JSON text. */
    Object raw();

    /** A truth. */
    record BooleanValue(boolean value) implements FlagValue {
        @Override
        public ValueType type() {
            return ValueType.BOOLEAN;
        }

        @Override
        public Object raw() {
            return value;
        }
    }

    /** A text. */
    record StringValue(String value) implements FlagValue {
        public StringValue {
            requireNonNull(value, "value");
        }

        @Override
        public ValueType type() {
            return ValueType.STRING;
        }

        @Override
        public Object raw() {
            return value;
        }
    }

    /** A whole number of 64 bits. */
    record IntegerValue(long value) implements FlagValue {
        @Override
        public ValueType type() {
            return ValueType.INTEGER;
        }

        @Override
        public Object raw() {
            return value;
        }
    }

    /** A finite number. */
    record DoubleValue(double value) implements FlagValue {
        public DoubleValue {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("a flag's value must be a finite number but was " + value);
            }
        }

        @Override
        public ValueType type() {
            return ValueType.DOUBLE;
        }

        @Override
        public Object raw() {
            return value;
        }
    }

    /**
     * A JSON object as text without insignificant white space. Whether it is one is checked where JSON is known: by
     * the reader that made it, and again before it is written to a ledger.
     */
    record ObjectValue(String json) implements FlagValue {
        public ObjectValue {
            requireNonNull(json, "json");
        }

        @Override
        public ValueType type() {
            return ValueType.OBJECT;
        }

        @Override
        public Object raw() {
            return json;
        }
    }
}
