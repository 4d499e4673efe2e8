package io.flagledger.core.proof;

import io.flagledger.core.event.Digest;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;

/** The public half of an Ed25519 key: checks signatures. */
public final class VerifyingKey {
    private static final String KIND = "PUBLIC KEY";
    private static final int ID_LENGTH = 16;

    private final PublicKey key;
    private final String id;

    VerifyingKey(PublicKey key) {
        this.key = key;
        this.id = "ed25519:" + Digest.of(key.getEncoded()).toString().substring(0, ID_LENGTH);
    }

    /**
     * Reads a key that {@code openssl pkey -pubout} wrote: X.509 SubjectPublicKeyInfo as PEM.
     *
     * @throws MalformedKeyException if it is no Ed25519 public key
     */
    public static VerifyingKey fromPem(String text) {
        if (text.contains("PRIVATE KEY-----")) {
            throw new MalformedKeyException(
                    "this is a private key where the public one is needed: `openssl pkey -in FILE -pubout` prints it");
        }
        byte[] encoded = Pem.parse(KIND, "public key", text);
        try {
            return new VerifyingKey(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        } catch (InvalidKeySpecException e) {
            throw new MalformedKeyException("this is no Ed25519 public key, or a damaged one");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no Ed25519", e);
        }
    }

    /** {@code ed25519:} and the first 16 hexadecimal digits of SHA-256 over the X.509 form. */
    public String id() {
        return id;
    }

    public String toPem() {
        return Pem.print(KIND, key.getEncoded());
    }

    boolean hasSigned(byte[] bytes, byte[] signature) {
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(key);
            check.update(bytes);
            return check.verify(signature);
        } catch (SignatureException e) {
            return false; // not even the form of a signature
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("a key that was read as one can't be used", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no Ed25519", e);
        }
    }

    @Override
    public String toString() {
        return id;
    }
}
