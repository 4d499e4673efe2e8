package io.flagledger.core.proof;

import static java.util.Objects.requireNonNull;

import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A checkpoint and a signature, of which nothing is believed before {@link #verified}.
 *
 * @param keyId of the key that is said to have made the signature
 * @param signature Ed25519 over the UTF-8 bytes of the checkpoint's text
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SignedCheckpoint(Checkpoint checkpoint, String keyId, byte[] signature) {
    /** How many bytes an Ed25519 signature has. */
    static final int SIGNATURE_LENGTH = 64;

    public SignedCheckpoint {
        requireNonNull(checkpoint, "checkpoint");
        requireNonNull(keyId, "keyId");
        signature = signature.clone();
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws MalformedCheckpointException if it is not exactly that, saying in which line and what
     * @throws UntrustedCheckpointException if it is a checkpoint without a signature
     */
    public static SignedCheckpoint parse(String text) {
        return CheckpointText.parse(text);
    }

    /** The text to keep. */
    public String text() {
        return CheckpointText.of(checkpoint) + "\nkey: " + keyId + "\nsignature: "
                + Base64.getEncoder().encodeToString(signature) + "\n";
    }

    @Override
    public byte[] signature() {
        return signature.clone();
    }

    /**
     * The checkpoint, if one of these keys has signed it.
     *
     * @throws UntrustedCheckpointException if none has
     */
    public Checkpoint verified(Collection<VerifyingKey> trusted) {
        List<VerifyingKey> named =
                trusted.stream().filter(key -> key.id().equals(keyId)).toList();
        if (named.isEmpty()) {
            throw new UntrustedCheckpointException(
                    "the checkpoint says that it was signed with the key %s, but the key to trust is %s"
                            .formatted(
                                    keyId,
                                    trusted.stream().map(VerifyingKey::id).collect(Collectors.joining(" or "))));
        }
        byte[] signed = CheckpointText.signedBytes(checkpoint);
        if (named.stream().noneMatch(key -> key.hasSigned(signed, signature))) {
            throw new UntrustedCheckpointException(
                    "the checkpoint is forged or was altered: its signature is not that of the key %s over this text"
                            .formatted(keyId));
        }
        return checkpoint;
    }
}
