package io.flagledger.core.event;

import java.math.BigDecimal;

/**
 * A share from 0 to 100 % in steps of 0.001 %.
 *
 * @param units in 1/100 000, from 0 to {@value #WHOLE}
 */
public record Percentage(int units) implements Comparable<Percentage> {
    /** The units in 100 %. */
    public static final int WHOLE = 100_000;

    public static final Percentage ZERO = new Percentage(0);
    public static final Percentage ALL = new Percentage(WHOLE);

    public Percentage {
        if (units < 0 || units > WHOLE) {
            throw new IllegalArgumentException("a percentage must be from 0 to 100 but was "
                    + BigDecimal.valueOf(units, 3).stripTrailingZeros().toPlainString());
        }
    }

    /**
     * Reads a percentage such as {@code 25} or {@code 12.5}.
     *
     * @throws IllegalArgumentException if it is not from 0 to 100 in steps of 0.001, saying so
     */
    public static Percentage of(BigDecimal percent) {
        if (percent.signum() < 0 || percent.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw new IllegalArgumentException("a percentage must be from 0 to 100 but was " + shortly(percent));
        }
        if (percent.stripTrailingZeros().scale() > 3) {
            throw new IllegalArgumentException("a percentage has steps of 0.001 but was " + shortly(percent));
        }
        return new Percentage(percent.movePointRight(3).intValueExact());
    }

    /** Whether this is 100 %. */
    public boolean isWhole() {
        return units == WHOLE;
    }

    /** Returns the percentage as a number from 0 to 100, without trailing zeros. */
    public BigDecimal percent() {
        BigDecimal percent = BigDecimal.valueOf(units, 3).stripTrailingZeros();
        return percent.scale() < 0 ? percent.setScale(0) : percent;
    }

    @Override
    public int compareTo(Percentage other) {
        return Integer.compare(units, other.units);
    }

    @Override
    public String toString() {
        return percent().toPlainString() + " %";
    }

    // "1e999999999" in plain digits would fill the memory.
    private static String shortly(BigDecimal percent) {
        return Math.abs((long) percent.precision() - percent.scale()) > 30 || percent.scale() > 30
                ? percent.toString()
                : percent.toPlainString();
    }
}
