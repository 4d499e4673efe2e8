package io.flagledger.core.codec;

import org.jspecify.annotations.Nullable;

/**
 * Bytes that this version cannot read: written by a newer one, or damaged. Never skip what cannot be read: what comes
 * after it would be folded onto the wrong state.
 */
public final class UndecodableException extends RuntimeException {
    UndecodableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static UndecodableException deleted(String what) {
        return new UndecodableException(
                what + " was deleted: its record is a tombstone, which no writer of a ledger makes", null);
    }
}
