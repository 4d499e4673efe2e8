package io.flagledger.core.codec;

import org.jspecify.annotations.Nullable;

/**
 * Bytes that this version cannot read: written by a newer one, or damaged. Never skip what cannot be read: what comes
 * after it would be folded onto the wrong state.
 */
public final class UndecodableException extends RuntimeException {
    /**
     * @param message why, and of what
     */
    public UndecodableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** That a record is a tombstone, and so no event or state. */
    public static UndecodableException deleted(String what) {
        return new UndecodableException(
                what + " was deleted: its record is a tombstone, which no writer of a ledger makes", null);
    }
}
