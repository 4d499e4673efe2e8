package io.flagledger.cli;

import org.jspecify.annotations.Nullable;

/** Ends a command with a message for the person who gave it. */
final class Complaint extends RuntimeException {
    private final int status;

    private Complaint(int status, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    static Complaint refused(String message) {
        return new Complaint(Exit.REFUSED, message, null);
    }

    static Complaint refused(String message, Throwable cause) {
        return new Complaint(Exit.REFUSED, message, cause);
    }

    static Complaint usage(String message) {
        return new Complaint(Exit.USAGE, message, null);
    }

    static Complaint unreachable(String message, @Nullable Throwable cause) {
        return new Complaint(Exit.UNREACHABLE, message, cause);
    }

    static Complaint unsound(String message) {
        return new Complaint(Exit.UNSOUND, message, null);
    }

    int status() {
        return status;
    }
}
