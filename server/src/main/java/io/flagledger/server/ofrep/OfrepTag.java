package io.flagledger.server.ofrep;

import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.fold.EnvironmentState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;

/** The {@code ETag} of a bulk answer. */
public final class OfrepTag {
    private static final int BYTES = 12;

    private OfrepTag() {}

    /**
     * The tag of an answer, the same at all instances that would give the same: it stands for the flags, for who asks, and
     * for the stream's address. A client that is told that nothing is new keeps the address that it has, so that is told
     * only for as long as the address is good.
     *
     * @param streamKey a name of the key that the address is signed with
     * @param streamExpiry until when it is good
     */
    public static String of(
            EnvironmentState state, Subject subject, boolean stale, String streamKey, Instant streamExpiry) {
        MessageDigest sha = sha256();
        for (String part : new String[] {
            state.digest().toString(),
            Objects.requireNonNullElse(subject.user(), ""),
            Objects.requireNonNullElse(subject.org(), ""),
            String.valueOf(subject.admin()),
            String.valueOf(stale),
            streamKey,
            streamExpiry.toString()
        }) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            sha.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
            sha.update(bytes);
        }
        return '"' + HexFormat.of().formatHex(sha.digest(), 0, BYTES) + '"';
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
