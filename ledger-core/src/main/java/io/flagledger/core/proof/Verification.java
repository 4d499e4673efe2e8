package io.flagledger.core.proof;

import static java.util.Objects.requireNonNull;

/** What came of walking a ledger. */
public sealed interface Verification {
    /** What holds together: all of a sound ledger, and of a broken one what comes before the flaw. */
    Extent extent();

    /** Every event follows from the one before, and every checkpoint that was asked for agrees. */
    record Sound(Extent extent) implements Verification {
        public Sound {
            requireNonNull(extent, "extent");
        }
    }

    /**
     * The ledger is not what it was, or not what it should be.
     *
     * @param flaw the first in the order of the log
     * @param sequence the first position that can't be trusted
     * @param offset of the record that shows it; {@link #NOWHERE} if none does
     * @param why for people
     */
    record Broken(Flaw flaw, long sequence, long offset, String why, Extent extent) implements Verification {
        /** The offset of what is shown by something that is not there. */
        public static final long NOWHERE = -1;

        public Broken {
            requireNonNull(flaw, "flaw");
            requireNonNull(why, "why");
            requireNonNull(extent, "extent");
        }
    }
}
