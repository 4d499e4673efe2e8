package io.flagledger.sdk;

/** The flags were not known in time. The message says what stood in the way. */
public final class NotReadyException extends RuntimeException {
    NotReadyException(String message) {
        super(message);
    }
}
