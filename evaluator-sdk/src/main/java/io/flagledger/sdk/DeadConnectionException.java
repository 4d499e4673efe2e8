package io.flagledger.sdk;

/** A connection over which nothing comes, though the broker is there. */
final class DeadConnectionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DeadConnectionException(String message) {
        super(message);
    }
}
