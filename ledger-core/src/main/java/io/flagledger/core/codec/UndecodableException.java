package io.flagledger.core.codec;

/**
 * Bytes that this version cannot read: written by a newer one, or damaged. Never skip what cannot be read: what comes
 * after it would be folded onto the wrong state.
 */
public final class UndecodableException extends RuntimeException {
    UndecodableException(String message, Throwable cause) {
        super(message, cause);
    }
}
