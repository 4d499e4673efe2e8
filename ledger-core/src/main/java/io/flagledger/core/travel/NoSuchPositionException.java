package io.flagledger.core.travel;

/** Somebody asks for a position that the ledger has not come to. */
public final class NoSuchPositionException extends RuntimeException {
    private final long last;

    /**
     * @param sequence what was asked for
     * @param last the sequence of the ledger's last event; 0 if there is none
     */
    public NoSuchPositionException(String environment, long sequence, long last) {
        super(
                last == 0
                        ? "there is no event %d in %s: nothing has happened there yet".formatted(sequence, environment)
                        : "there is no event %d in %s: the last one is %d".formatted(sequence, environment, last));
        this.last = last;
    }

    /** The sequence of the ledger's last event; 0 if there is none. */
    public long last() {
        return last;
    }
}
