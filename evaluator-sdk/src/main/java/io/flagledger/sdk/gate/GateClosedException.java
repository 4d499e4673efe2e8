package io.flagledger.sdk.gate;

import io.flagledger.core.evaluate.Decision;

/** Whoever asked has no access. {@link #decision} tells why; the message is for logs, and names nobody. */
public final class GateClosedException extends RuntimeException {
    private final transient Decision decision;

    GateClosedException(Decision decision) {
        super("%s is closed: %s".formatted(decision.flag(), decision.reason()));
        this.decision = decision;
    }

    public Decision decision() {
        return decision;
    }
}
