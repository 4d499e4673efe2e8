package io.flagledger.core.proof;

/** A text is no checkpoint. The message says in which line and what. */
public final class MalformedCheckpointException extends RuntimeException {
    private final int line;

    MalformedCheckpointException(int line, String what) {
        super("line %d: %s".formatted(line, what));
        this.line = line;
    }

    /** From 1. */
    public int line() {
        return line;
    }
}
