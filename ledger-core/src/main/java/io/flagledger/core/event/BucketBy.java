package io.flagledger.core.event;

/** Whose id is drawn for percentages and weights. */
public enum BucketBy {
    /** The org's, so that whole orgs move; the user's where there is no org. */
    ORG,
    /** Always the user's. */
    USER
}
