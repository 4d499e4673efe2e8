package io.flagledger.server.auth;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What somebody may do in an environment. Each may do all that those before it may. */
public enum CallerRole {
    /** Asks for decisions, and follows the flags to make them. */
    EVALUATOR,

    /** Reads everything. */
    VIEWER,

    /** Engages kill switches. */
    KILLER,

    /** Makes every change. */
    EDITOR,

    /** Does whatever there is. */
    ADMIN;

    /** Whether this one may do all that the other may. */
    public boolean includes(CallerRole other) {
        return compareTo(other) >= 0;
    }

    /** As it is written in tokens and shown to people. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<CallerRole> of(String word) {
        return Stream.of(values()).filter(role -> role.word().equals(word)).findFirst();
    }
}
