package io.flagledger.sdk.admission;

/** What has become of an admission. */
public enum Standing {
    /** It holds. */
    CONTINUES(true),
    /**
     * It was given at a later position than the one asked here has come to. Nothing that is known here came after it, so
     * nothing here can end it: it holds until more is known.
     */
    AHEAD(true),
    /** Its time is over. */
    EXPIRED(false),
    /** The flag is killed for all access. */
    KILLED(false),
    /** The flag is archived. */
    ARCHIVED(false),
    /** It is of another ledger or another environment, of which nothing is known here. */
    FOREIGN(false);

    private final boolean continues;

    Standing(boolean continues) {
        this.continues = continues;
    }

    /** Whether what the subject was let into goes on. */
    public boolean continues() {
        return continues;
    }
}
