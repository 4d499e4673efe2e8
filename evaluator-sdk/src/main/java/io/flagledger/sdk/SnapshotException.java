package io.flagledger.sdk;

/** A snapshot can't be taken for what it says. The message tells what is wrong with which. */
public final class SnapshotException extends Exception {
    SnapshotException(String message) {
        super(message);
    }

    SnapshotException(String message, Throwable cause) {
        super(message, cause);
    }
}
