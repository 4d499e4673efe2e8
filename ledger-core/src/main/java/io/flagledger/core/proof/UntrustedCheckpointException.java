package io.flagledger.core.proof;

/** A checkpoint proves nothing: it is not signed, or not by a key that is trusted, or was altered since. */
public final class UntrustedCheckpointException extends RuntimeException {
    UntrustedCheckpointException(String message) {
        super(message);
    }
}
