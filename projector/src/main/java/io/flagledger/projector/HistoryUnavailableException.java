package io.flagledger.projector;

/** The history cannot be asked just now: its partition is being restored, or has moved to another instance. Try again. */
public final class HistoryUnavailableException extends RuntimeException {
    HistoryUnavailableException(Throwable cause) {
        super("the history is being restored or moved: " + cause.getMessage(), cause);
    }

    HistoryUnavailableException(String why) {
        super("the history is being restored or moved: " + why);
    }
}
