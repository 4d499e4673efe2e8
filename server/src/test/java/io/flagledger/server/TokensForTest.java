package io.flagledger.server;

import io.flagledger.core.event.Actor;
import io.flagledger.server.auth.AuthConfig;
import io.flagledger.server.auth.Grant;
import io.flagledger.server.auth.LocalKey;
import java.time.Duration;
import java.util.List;

/** The key that servers of tests believe, and tokens of it. */
public final class TokensForTest {
    private static final LocalKey KEY = LocalKey.generate();

    /** For the servers. */
    public static final AuthConfig AUTH = new AuthConfig.Local(KEY);

    private TokensForTest() {}

    /** A token of a person who may do everything. */
    public static String admin(String subject) {
        return of(subject, "admin@*");
    }

    public static String of(String subject, String... grants) {
        return of(subject, Actor.Kind.HUMAN, List.of(grants), Duration.ofHours(1));
    }

    public static String of(String subject, Actor.Kind kind, List<String> grants, Duration validFor) {
        return KEY.token(subject, kind, grants.stream().map(Grant::parse).toList(), validFor);
    }
}
