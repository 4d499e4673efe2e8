package io.flagledger.sdk.admission;

/** A token is not believed. The message says why, without a word of the token's own that nobody has vouched for. */
public final class TokenRefusedException extends Exception {
    /** What is wrong with a token: the first of these that is. */
    public enum Refusal {
        /** It is no admission at all, or lacks a part of one. */
        MALFORMED,
        /** It is not signed with ES256; this includes a token that is not signed at all. */
        WRONG_ALGORITHM,
        /** It names no key, or one that is not held here: one retired, or not yet handed out. */
        UNKNOWN_KEY,
        /** The key that it names has not signed it. */
        WRONG_SIGNATURE,
        /** It was issued by somebody else. */
        OTHER_ISSUER,
        /** It is meant for somebody else. */
        OTHER_AUDIENCE,
        /** It admits to a flag of another environment. */
        OTHER_ENVIRONMENT,
        /** It admits to a flag of a ledger that was there before, or somewhere else. */
        OTHER_LEDGER,
        /** It was issued later than now: the clocks differ by more than is put up with. */
        NOT_YET_VALID,
        /** Its time is over. */
        EXPIRED
    }

    private final Refusal refusal;

    TokenRefusedException(Refusal refusal, String message) {
        super(message);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
