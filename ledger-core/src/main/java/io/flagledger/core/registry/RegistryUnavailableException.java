package io.flagledger.core.registry;

import java.time.Duration;

/** No Schema Registry gave an answer that could be used within the time allowed; a later one may. */
public final class RegistryUnavailableException extends RuntimeException {
    private final Duration took;

    RegistryUnavailableException(String last, Duration took) {
        super(last);
        this.took = took;
    }

    /** For how long it was tried. */
    public Duration took() {
        return took;
    }
}
