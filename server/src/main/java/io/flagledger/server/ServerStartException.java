package io.flagledger.server;

/** The server could not start. The message says why and what to do; nothing was left running. */
public final class ServerStartException extends RuntimeException {
    public ServerStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
