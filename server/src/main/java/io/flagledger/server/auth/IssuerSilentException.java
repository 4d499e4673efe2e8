package io.flagledger.server.auth;

/** The issuer can't be asked for its keys just now, so that nothing can be said of a token. */
public final class IssuerSilentException extends RuntimeException {
    IssuerSilentException(String message, Throwable cause) {
        super(message, cause);
    }
}
