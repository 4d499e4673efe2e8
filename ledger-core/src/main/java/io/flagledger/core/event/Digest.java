package io.flagledger.core.event;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256 digest: 32 bytes that stand for all that led to them. */
public final class Digest {
    /** How many bytes a digest has. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    private Digest(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The digest of these bytes. */
    public static Digest of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    /** The digest of a part of these bytes. */
    public static Digest of(byte[] bytes, int offset, int length) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(bytes, offset, length);
            return new Digest(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** What event 1 of an environment carries in place of a predecessor's digest: the digest of the environment's name. */
    public static Digest genesis(String environment) {
        return of(environment.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The digest that was written as these bytes.
     *
     * @throws IllegalArgumentException if there are not {@value #LENGTH}
     */
    public static Digest from(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException(
                    "a digest has %d bytes but these are %d".formatted(LENGTH, bytes.length));
        }
        return new Digest(bytes.clone());
    }

    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Digest that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The digest in hexadecimal, 64 digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
