package io.flagledger.server.ofrep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

final class StreamTokensTest {
    private static final Instant NOW = Instant.parse("2026-11-25T10:20:00Z");
    private static final byte[] KEY = "a secret of thirty-two characters".getBytes(StandardCharsets.UTF_8);

    private final StreamTokens tokens = at(NOW);

    @Test
    void aTokenIsTheSameAtEveryInstanceWithTheKeyUntilItsPeriodEnds() {
        Instant expiry = tokens.expiry(17, Instant.MAX);
        assertThat(Duration.between(NOW, expiry)).isBetween(Duration.ofMinutes(30), Duration.ofMinutes(60));
        assertThat(at(NOW).sign("town", at(NOW).expiry(17, Instant.MAX))).isEqualTo(tokens.sign("town", expiry));
        assertThat(at(NOW.plus(Duration.ofMinutes(31))).expiry(17, Instant.MAX)).isAfter(expiry);
    }

    @Test
    void itEndsWithTheTokenThatItWasAskedForWith() {
        Instant soon = NOW.plusSeconds(90);
        assertThat(tokens.expiry(17, soon)).isEqualTo(soon);
    }

    @Test
    void itGrantsWhatItWasSignedForUntilItExpires() {
        Instant expiry = NOW.plusSeconds(60);
        String token = tokens.sign("town", expiry);
        assertThat(tokens.verify(token)).contains(new StreamTokens.Grant("town", expiry));
        assertThat(at(expiry.minusSeconds(1)).verify(token)).isPresent();
        assertThat(at(expiry).verify(token)).isEmpty();
    }

    @Test
    void anythingElseIsRefused() {
        String token = tokens.sign("town", NOW.plusSeconds(60));
        assertThat(StreamTokens.withOwnKey().verify(token)).isEmpty();
        assertThat(tokens.verify("")).isEmpty();
        assertThat(tokens.verify("a.b.c")).isEmpty();
        String[] parts = token.split("\\.", -1);
        assertThat(tokens.verify("eyJhbGciOiJub25lIn0." + parts[1] + ".")).isEmpty();
    }

    @Test
    void aShortKeyIsRefused() {
        assertThatThrownBy(() -> StreamTokens.of(new byte[31]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32 bytes at least");
    }

    private static StreamTokens at(Instant now) {
        return new StreamTokens(KEY, Clock.fixed(now, ZoneOffset.UTC));
    }
}
