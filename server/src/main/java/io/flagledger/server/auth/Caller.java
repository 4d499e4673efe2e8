package io.flagledger.server.auth;

import io.flagledger.core.event.Actor;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, as a token that was verified says. Immutable.
 *
 * @param subject the id under which the caller's changes stand in the ledger
 * @param roles the highest role in each environment, and under {@value Grant#EVERYWHERE} the one in all of them
 * @param expiresAt when the token ends
 */
public record Caller(String subject, Actor.Kind kind, SortedMap<String, CallerRole> roles, Instant expiresAt) {
    public Caller {
        roles = Collections.unmodifiableSortedMap(new TreeMap<>(roles));
    }

    static Caller of(String subject, Actor.Kind kind, Collection<Grant> grants, Instant expiresAt) {
        SortedMap<String, CallerRole> roles = new TreeMap<>();
        grants.forEach(grant ->
                roles.merge(grant.environment(), grant.role(), (one, other) -> one.includes(other) ? one : other));
        return new Caller(subject, kind, roles, expiresAt);
    }

    /** Whether the caller has this role, or one that includes it, in an environment, whether or not there is such an environment. */
    public boolean may(CallerRole role, String environment) {
        return includes(roles.get(Grant.EVERYWHERE), role) || includes(roles.get(environment), role);
    }

    /** Whether the caller has this role, or one that includes it, in any environment at all. */
    public boolean mayAnywhere(CallerRole role) {
        return roles.values().stream().anyMatch(granted -> granted.includes(role));
    }

    /** Who the caller is to the ledger. */
    public Actor actor() {
        return new Actor(subject, kind, null);
    }

    private static boolean includes(@Nullable CallerRole granted, CallerRole role) {
        return granted != null && granted.includes(role);
    }
}
