package io.flagledger.core.event;

import static java.util.Objects.requireNonNull;

/**
 * How a flag draws. As long as none of this changes, nobody is ever drawn anew.
 *
 * @param seed put before the drawn id
 */
public record Bucketing(BucketBy by, String seed, Algorithm algorithm) {
    public Bucketing {
        requireNonNull(by, "by");
        requireNonNull(seed, "seed");
        requireNonNull(algorithm, "algorithm");
    }

    /** The bucketing of a flag that says nothing of it but by whom: its key and a colon are the seed. */
    public static Bucketing of(String flag, BucketBy by) {
        return new Bucketing(by, flag + ":", Algorithm.MURMUR3_SCALED);
    }

    /** The formula; part of the flag, so that an upgrade can never draw anybody anew. */
    public enum Algorithm {
        /** {@code (murmur3_x86_32(UTF-8(seed ++ unit), 0) as unsigned 32 bit × total) >>> 32}, as flagd's {@code fractional}. */
        MURMUR3_SCALED
    }
}
