package io.flagledger.server.http;

import java.net.ConnectException;

/** Another instance does not answer; nothing of an answer was passed on yet. */
final class SilentPeerException extends Exception {
    SilentPeerException(String address, Throwable cause) {
        super("%s does not answer (%s)".formatted(address, why(cause)), cause);
    }

    /** Java tells of a refused connection without a word. */
    private static String why(Throwable cause) {
        if (cause.getMessage() != null) {
            return cause.getMessage();
        }
        return cause instanceof ConnectException
                ? "nobody listens there"
                : cause.getClass().getSimpleName();
    }
}
