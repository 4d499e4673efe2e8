package io.flagledger.core.evaluate;

/** Why access was granted or denied: the first line of the access rules that applied. */
public enum Reason {
    /** The flag is archived. */
    ARCHIVED(false),
    /** A parent does not grant access, or serves a variant other than those asked for. */
    PARENT(false),
    /** The subject is an administrator. */
    ADMIN(true),
    /** The kill switch is engaged. */
    KILLED(false),
    /** The user, the org, or somebody else of the org is on the allowlist. */
    ALLOWLIST(true),
    /** The subject's bucket lies below the percentage. */
    PERCENTAGE(true),
    /** The flag is open to everybody. */
    GENERALLY_AVAILABLE(true),
    /** The flag has not come as far as this subject. */
    STAGE(false),
    /** There is no such flag at this position. */
    UNKNOWN_FLAG(false);

    private final boolean granted;

    Reason(boolean granted) {
        this.granted = granted;
    }

    /** Whether this is a reason to grant access. */
    public boolean granted() {
        return granted;
    }
}
