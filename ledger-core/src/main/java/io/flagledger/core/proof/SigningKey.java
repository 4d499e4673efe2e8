package io.flagledger.core.proof;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;

/** The private half of an Ed25519 key: signs checkpoints. Nothing here but {@link #toPem} ever gives it away. */
public final class SigningKey {
    private static final String ALGORITHM = "Ed25519";
    private static final String KIND = "PRIVATE KEY";

    private final PrivateKey key;
    private final VerifyingKey verifyingKey;

    private SigningKey(PrivateKey key, VerifyingKey verifyingKey) {
        this.key = key;
        this.verifyingKey = verifyingKey;
    }

    /** A new key. */
    public static SigningKey generate() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            return new SigningKey(pair.getPrivate(), new VerifyingKey(pair.getPublic()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no Ed25519", e);
        }
    }

    /**
     * Reads a key that {@code openssl genpkey -algorithm ed25519} wrote: PKCS#8 as PEM.
     *
     * @throws MalformedKeyException if it is no Ed25519 private key; the message holds none of it
     */
    public static SigningKey fromPem(String text) {
        byte[] encoded = Pem.parse(KIND, "private key in PKCS#8 form", text);
        try {
            PrivateKey key = KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            return new SigningKey(key, publicHalf((EdECPrivateKey) key));
        } catch (InvalidKeySpecException e) {
            throw new MalformedKeyException("this is no Ed25519 private key, or a damaged one");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no Ed25519", e);
        }
    }

    /** The key in PKCS#8 form, for the one file that it is kept in. */
    public String toPem() {
        return Pem.print(KIND, key.getEncoded());
    }

    public VerifyingKey verifyingKey() {
        return verifyingKey;
    }

    public SignedCheckpoint sign(Checkpoint checkpoint) {
        return new SignedCheckpoint(
                checkpoint, verifyingKey.id(), signature(key, CheckpointText.signedBytes(checkpoint)));
    }

    /** The public half alone. */
    @Override
    public String toString() {
        return "the key " + verifyingKey.id();
    }

    /**
     * The JDK can't make the public half of a private key, but the pair of a seed: a private key is a seed. Tried on a
     * signature, so that a JDK which does otherwise is found out.
     */
    private static VerifyingKey publicHalf(EdECPrivateKey key) throws GeneralSecurityException {
        byte[] seed = key.getBytes().orElseThrow(() -> new MalformedKeyException("the private key can't be read"));
        KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
        generator.initialize(NamedParameterSpec.ED25519, new Seed(seed));
        VerifyingKey half = new VerifyingKey(generator.generateKeyPair().getPublic());
        byte[] tried = CheckpointText.TITLE.getBytes(StandardCharsets.UTF_8);
        if (!half.hasSigned(tried, signature(key, tried))) {
            throw new IllegalStateException("this Java does not make an Ed25519 key of its seed");
        }
        return half;
    }

    private static byte[] signature(PrivateKey key, byte[] bytes) {
        try {
            Signature sign = Signature.getInstance(ALGORITHM);
            sign.initSign(key);
            sign.update(bytes);
            return sign.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java can't sign with Ed25519", e);
        }
    }

    /** Gives out one seed as if it were chance. */
    private static final class Seed extends SecureRandom {
        private final byte[] seed;

        Seed(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
