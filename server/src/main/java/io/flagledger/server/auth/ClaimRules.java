package io.flagledger.server.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Names;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a token's claims mean. A role is a value such as {@code flag-ledger:editor@gastown-production} in one of the roles
 * claims, or what is granted to a group that is a value there. Values that say nothing here are passed over, as they are
 * for other services.
 *
 * @param subject the claim that names the caller, which must never be given to somebody else
 * @param roles the claims that list roles or groups; a dot leads into an object unless a claim has the whole name
 * @param groups what is granted to whom by the name of a group
 */
public record ClaimRules(String subject, List<String> roles, Map<String, List<Grant>> groups) {
    /** What goes before a role in a claim that other services read too. */
    public static final String PREFIX = "flag-ledger:";

    public static final ClaimRules DEFAULT = new ClaimRules("sub", List.of("roles"), Map.of());

    /** Of tokens that a local key signed: is it a {@code SERVICE}? */
    static final String KIND = "flag_ledger_kind";

    private static final Logger log = LoggerFactory.getLogger("io.flagledger.auth");

    public ClaimRules {
        roles = List.copyOf(roles);
        groups = Map.copyOf(groups);
    }

    /** @throws UnauthenticatedException if the claims name nobody */
    Caller caller(JWTClaimsSet claims) {
        Object id = claim(claims.getClaims(), subject);
        if (!(id instanceof String name) || !Names.isId(name)) {
            throw UnauthenticatedException.invalid("the token's claim '%s' must name the caller in 1 to %d characters"
                    .formatted(subject, Names.MAX_ID_LENGTH));
        }
        Date end = claims.getExpirationTime();
        return Caller.of(name, kind(claims), grants(claims.getClaims()), end.toInstant());
    }

    private List<Grant> grants(Map<String, Object> claims) {
        List<Grant> grants = new ArrayList<>();
        for (String name : roles) {
            values(claim(claims, name)).forEach(value -> {
                grants.addAll(groups.getOrDefault(value, List.of()));
                if (value.startsWith(PREFIX)) {
                    try {
                        grants.add(Grant.parse(value.substring(PREFIX.length())));
                    } catch (IllegalArgumentException e) {
                        log.debug("a token's claim {} grants nothing by a value of it: {}", name, e.getMessage());
                    }
                }
            });
        }
        return grants;
    }

    /** Texts of a list, or of one text that has spaces between them as {@code scope} has. */
    private static Stream<String> values(@Nullable Object claim) {
        if (claim instanceof Collection<?> list) {
            return list.stream().filter(String.class::isInstance).map(String.class::cast);
        }
        return claim instanceof String text ? Stream.of(text.split(" ", -1)) : Stream.empty();
    }

    private static @Nullable Object claim(Map<String, Object> claims, String name) {
        if (claims.containsKey(name)) {
            return claims.get(name); // as with https://example.com/roles, which has dots but leads nowhere
        }
        Object inner = claims;
        for (String part : name.split("\\.", -1)) {
            inner = inner instanceof Map<?, ?> map ? map.get(part) : null;
        }
        return inner;
    }

    /** How issuers tell that no person is behind a token differs; these are the ways of those that are widespread. */
    private static Actor.Kind kind(JWTClaimsSet claims) {
        Map<String, Object> all = claims.getClaims();
        boolean service = "SERVICE".equals(all.get(KIND))
                || "app".equals(all.get("idtyp")) // Entra ID
                || "client-credentials".equals(all.get("gty")) // Auth0
                || String.valueOf(all.get("preferred_username")).startsWith("service-account-") // Keycloak
                || String.valueOf(claims.getSubject()).equals(all.get("client_id")); // RFC 9068 §2.2
        return service ? Actor.Kind.SERVICE : Actor.Kind.HUMAN;
    }
}
