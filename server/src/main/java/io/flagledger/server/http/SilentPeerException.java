package io.flagledger.server.http;

/** Another instance does not answer; nothing of an answer was passed on yet. */
final class SilentPeerException extends Exception {
    SilentPeerException(String address, Throwable cause) {
        super(
                "%s does not answer (%s)"
                        .formatted(
                                address,
                                cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage()),
                cause);
    }
}
