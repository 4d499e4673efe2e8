package io.flagledger.core.fold;

import io.flagledger.core.event.Recorded;

/** An event that cannot follow what was folded before it: the ledger is damaged, or was read with a gap. */
public final class FoldException extends RuntimeException {
    private final String environment;
    private final long sequence;

    FoldException(Recorded recorded, String why) {
        super("event %d of %s cannot be folded: %s"
                .formatted(recorded.event().sequence(), recorded.event().environment(), why));
        this.environment = recorded.event().environment();
        this.sequence = recorded.event().sequence();
    }

    public String environment() {
        return environment;
    }

    /** The sequence of the event that could not be folded. */
    public long sequence() {
        return sequence;
    }
}
