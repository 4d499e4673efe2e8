package io.flagledger.server.ofrep;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Tokens that let their bearer hear when an environment's flags change, and nothing else: they stand in the address of the
 * event stream, as a browser's {@code EventSource} can send no header. Any number of threads may use one.
 */
public final class StreamTokens {
    /*
     * A token lives between one and two periods. All that are asked for within a period are the same, byte for byte, at
     * every instance with the same key: so whoever asks again gets the same address and keeps its stream.
     *
     * Periods end at another moment for each subject, so that not everybody's stream ends at once.
     *
     * The type in the header keeps these apart from all other tokens, and none of them is signed with this key.
     */
    private static final JOSEObjectType TYPE = new JOSEObjectType("flag-ledger-stream+jwt");
    private static final String ENVIRONMENT = "env";
    private static final int KEY_BYTES = 32;
    private static final long PERIOD_SECONDS = Duration.ofMinutes(30).toSeconds();

    private final byte[] key;
    private final Clock clock;

    StreamTokens(byte[] key, Clock clock) {
        if (key.length < KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a key for stream tokens has %d bytes at least but this has %d".formatted(KEY_BYTES, key.length));
        }
        this.key = key.clone();
        this.clock = clock;
    }

    /** Tokens under a key that several instances share: 32 bytes or more. */
    public static StreamTokens of(byte[] key) {
        return new StreamTokens(key, Clock.systemUTC());
    }

    /** Tokens under a key of its own: another instance, and this one after a restart, refuses them, and the client asks for a new one. */
    public static StreamTokens withOwnKey() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return of(key);
    }

    /**
     * Until when the token holds that this subject is given now; it changes with the token.
     *
     * @param phase something that is the subject's own
     * @param latest no later than that
     */
    public Instant expiry(int phase, Instant latest) {
        long offset = Math.floorMod(phase, PERIOD_SECONDS);
        long period = Math.floorDiv(clock.instant().getEpochSecond() + offset, PERIOD_SECONDS);
        Instant expiry = Instant.ofEpochSecond((period + 2) * PERIOD_SECONDS - offset);
        return expiry.isBefore(latest) ? expiry : latest.truncatedTo(ChronoUnit.SECONDS);
    }

    /** A short name of the key, which tells nothing about it but whether it is the same. */
    public String keyName() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update("the name of a stream key".getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha.digest(key), 0, 3);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public String sign(String environment, Instant expiry) {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).type(TYPE).build(),
                new JWTClaimsSet.Builder()
                        .claim(ENVIRONMENT, environment)
                        .expirationTime(Date.from(expiry))
                        .build());
        try {
            token.sign(new MACSigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("a key of enough bytes signs everything", e);
        }
        return token.serialize();
    }

    /** What a token says; empty if it is none of ours, or no longer valid. */
    public Optional<Grant> verify(String token) {
        try {
            SignedJWT signed = SignedJWT.parse(token);
            if (!JWSAlgorithm.HS256.equals(signed.getHeader().getAlgorithm())
                    || !TYPE.equals(signed.getHeader().getType())
                    || !signed.verify(new MACVerifier(key))) {
                return Optional.empty();
            }
            String environment = signed.getJWTClaimsSet().getStringClaim(ENVIRONMENT);
            Date expires = signed.getJWTClaimsSet().getExpirationTime();
            return environment == null || expires == null || !clock.instant().isBefore(expires.toInstant())
                    ? Optional.empty()
                    : Optional.of(new Grant(environment, expires.toInstant()));
        } catch (ParseException | JOSEException e) {
            return Optional.empty();
        }
    }

    /** What may be listened to, and until when. */
    public record Grant(String environment, Instant expiry) {}
}
