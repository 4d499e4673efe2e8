package io.flagledger.sdk;

import io.flagledger.core.evaluate.Decision;
import org.jspecify.annotations.Nullable;

/**
 * A value with everything that led to it.
 *
 * @param value what the flag serves, or the default of the call where there is trouble
 * @param decision the flag's answer, whatever the type of its value
 * @param trouble why the default was given; null where the flag's own value was
 * @param message the same in a sentence, for people; null where there is no trouble
 */
public record ValueDetails<T>(
        T value,
        Decision decision,
        @Nullable Trouble trouble,
        @Nullable String message) {

    /** Why a default was given. */
    public enum Trouble {
        /** Nothing is known yet: see {@link FlagLedger#awaitReady}. */
        NOT_READY,
        /** There is no such flag. */
        FLAG_NOT_FOUND,
        /** The flag serves values of another type, or a number that the type asked for can't hold. */
        TYPE_MISMATCH,
        /** Answers have been stale for too long, and the flag is to fail as {@link FailMode#CODE_DEFAULT}. */
        TOO_STALE
    }
}
