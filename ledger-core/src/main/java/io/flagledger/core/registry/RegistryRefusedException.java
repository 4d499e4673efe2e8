package io.flagledger.core.registry;

/** The Schema Registry has answered, and will answer the same until somebody mends something. */
public final class RegistryRefusedException extends RuntimeException {
    RegistryRefusedException(String message) {
        super(message);
    }
}
