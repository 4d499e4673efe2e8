package io.flagledger.server.auth;

/** Nobody can be told from what was sent. The message says why and holds nothing of a token's secrets. */
public final class UnauthenticatedException extends RuntimeException {
    private final boolean sent;

    private UnauthenticatedException(boolean sent, String message) {
        super(message);
        this.sent = sent;
    }

    static UnauthenticatedException nothingSent() {
        return new UnauthenticatedException(false, "the request says nothing of who makes it");
    }

    static UnauthenticatedException invalid(String message) {
        return new UnauthenticatedException(true, message);
    }

    /** Whether a token was sent, which is not to be believed; otherwise there was none. */
    public boolean wasSent() {
        return sent;
    }
}
