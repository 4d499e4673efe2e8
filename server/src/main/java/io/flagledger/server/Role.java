package io.flagledger.server;

/** What an instance does for others; any of them together. */
public enum Role {
    /** Folds the ledger into stores, and answers for the past. */
    PROJECTOR,

    /** Shows the page, takes changes, and tells of them as they come. */
    CONSOLE,

    /** Answers who has access to what. */
    GATEWAY
}
