package io.flagledger.server.auth;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Names;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A role in an environment, or in all of them. Written as {@code editor@gastown-production} or {@code viewer@*}.
 *
 * @param environment a name, or {@value #EVERYWHERE}
 */
public record Grant(CallerRole role, String environment) {
    /** Stands for every environment, those that do not exist yet too. */
    public static final String EVERYWHERE = "*";

    public Grant {
        requireNonNull(role, "role");
        if (!environment.equals(EVERYWHERE) && !Names.isEnvironment(environment)) {
            throw new IllegalArgumentException("'%s' is neither %s nor the name of an environment, which matches %s"
                    .formatted(environment, EVERYWHERE, Names.ENVIRONMENT_FORM));
        }
    }

    /**
     * Reads a grant.
     *
     * @throws IllegalArgumentException if it is none; the message says what is wrong with it
     */
    public static Grant parse(String text) {
        int at = text.indexOf('@');
        if (at < 0) {
            throw new IllegalArgumentException("'%s' names no environment: write ROLE@ENVIRONMENT, or ROLE@%s for all"
                    .formatted(text, EVERYWHERE));
        }
        String word = text.substring(0, at);
        CallerRole role = CallerRole.of(word)
                .orElseThrow(() -> new IllegalArgumentException("'%s' is none of the roles %s"
                        .formatted(
                                word,
                                Stream.of(CallerRole.values())
                                        .map(CallerRole::word)
                                        .collect(Collectors.joining(", ")))));
        return new Grant(role, text.substring(at + 1));
    }

    @Override
    public String toString() {
        return role.word() + "@" + environment;
    }
}
