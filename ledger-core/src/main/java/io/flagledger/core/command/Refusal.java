package io.flagledger.core.command;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Change;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a command was refused.
 *
 * @param message for the person who sent it: what is the matter, and what to do
 * @param change the first change that was refused; null where the whole command was
 */
public record Refusal(Kind kind, String message, @Nullable Change change) {
    public Refusal {
        requireNonNull(kind, "kind");
        requireNonNull(message, "message");
    }

    static Optional<Refusal> refusal(Kind kind, String message, Change change) {
        return Optional.of(new Refusal(kind, message, change));
    }

    /** The kinds of refusal; their names are part of the HTTP and command-line contract. */
    public enum Kind {
        /** The command itself cannot be: no change, no reason, an actor without a name. */
        BAD_COMMAND,
        /** The environment cannot be called this. */
        BAD_ENVIRONMENT,
        /** A flag cannot be called this. */
        BAD_KEY,
        /** An id is empty, too long, or no text. */
        BAD_ID,
        /** Too few variants, an unknown one, a name that cannot be, or weights that do not add up. */
        BAD_VARIANTS,
        /** A value is not of the flag's type. */
        WRONG_VALUE_TYPE,
        /** One of the documented limits would be passed. */
        LIMIT_EXCEEDED,
        UNKNOWN_FLAG,
        /** The flag never was at the revision to restore. */
        UNKNOWN_REVISION,
        FLAG_EXISTS,
        UNKNOWN_PARENT,
        ARCHIVED_PARENT,
        /** A flag would be above itself. */
        PARENT_CYCLE,
        /** A child's parent clause names the variant that would vanish. */
        VARIANT_IN_USE,
        /** The flag is a parent of a live one. */
        FLAG_IN_USE,
        /** A stage would be left out without saying so. */
        STAGE_SKIPPED,
        /** It is so already. */
        UNCHANGED,
        /** An added allowlist entry is there already. */
        ENTRY_EXISTS,
        /** A removed allowlist entry is not there. */
        UNKNOWN_ENTRY,
        /** The flag has moved on since the caller looked. */
        REVISION_MOVED
    }
}
