package io.flagledger.core.proof;

/** The ways in which a ledger can fail its proof. */
public enum Flaw {
    /** The bytes are no event that this version knows. */
    UNREADABLE,
    /** The event stands under a key that names another sequence. */
    WRONG_KEY,
    /** An event of one environment stands under the key of another. */
    FOREIGN_EVENT,
    /** A sequence was left out. */
    MISSING,
    /** A sequence comes after a later one. */
    MISPLACED,
    /** A sequence comes twice. */
    REPEATED,
    /** A tombstone deletes an event, now or at the next compaction. */
    TOMBSTONE,
    /** An event is not the one that its successor was chained to. */
    ALTERED,
    /** The event cannot follow the state that the ones before it led to. */
    IMPOSSIBLE,
    /** The ledger ends inside a batch. */
    TORN_BATCH,
    /** The checkpoint is of another environment or of another ledger. */
    FOREIGN_CHECKPOINT,
    /** The ledger ends before the checkpoint. */
    TRUNCATED,
    /** The event at the checkpoint is not the one that was signed. */
    REWRITTEN,
    /** The events are those that were signed, but they lead to another state: their times differ. */
    RETIMED
}
