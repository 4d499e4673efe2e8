package io.flagledger.server.http;

import io.flagledger.server.Role;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What this instance is to the others.
 *
 * @param id the same at each of its starts, if it was given one; else its address
 * @param address {@code host:port} under which the others reach it
 * @param projectors where to ask for the past if it has not the role for it
 */
public record Self(String id, String address, Set<Role> roles, List<URI> projectors) {
    public Self {
        roles = Set.copyOf(roles);
        projectors = List.copyOf(projectors);
    }

    boolean has(Role role) {
        return roles.contains(role);
    }

    /** The roles in their usual order, in lower case. */
    List<String> roleNames() {
        return roles.stream().sorted().map(Self::name).toList();
    }

    Problem without(Role role) {
        return Problem.of(
                404,
                "role-missing",
                "This instance does not do that",
                "%s has not the role %s, only %s: ask an instance that has it%s"
                        .formatted(
                                id,
                                name(role),
                                roleNames().stream().collect(Collectors.joining(" and ")),
                                role == Role.PROJECTOR
                                        ? ", or start this one with --projector-url URL of one, which it then asks by itself"
                                        : ""));
    }

    private static String name(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
