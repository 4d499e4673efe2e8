package io.flagledger.core.event;

/** How far a flag has been rolled out. Each stage admits everybody whom the ones before it admit. */
public enum Stage {
    ADMIN_ONLY,
    ALLOWLIST,
    PERCENTAGE,
    GENERALLY_AVAILABLE
}
