package io.flagledger.sdk;

/** What a flag does when answers have been stale for too long. */
public enum FailMode {
    /** Nothing: it answers as it was known last. */
    LAST_KNOWN,
    /** It is taken to stand at the stage {@code ADMIN_ONLY}: only administrators have access, and its children follow. */
    ADMINS_ONLY,
    /** It is taken to be unknown: nobody has access, and whoever asks for a value is given the default of the call. */
    CODE_DEFAULT
}
