package io.flagledger.core.proof;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Digest;
import io.flagledger.core.event.Names;
import java.time.Instant;

/**
 * What somebody saw of a ledger at some time. Signed and kept outside Kafka, it convicts a ledger that was cut off or
 * rewritten since.
 *
 * @param ledgerId Kafka's id of the events topic
 * @param sequence of the last event that was seen
 * @param digest of that event
 * @param stateDigest of all flags after it
 * @param ledgerTime of that event
 * @param signedAt the signer's clock
 */
public record Checkpoint(
        String environment,
        String ledgerId,
        long sequence,
        Digest digest,
        Digest stateDigest,
        Instant ledgerTime,
        Instant signedAt) {
    public Checkpoint {
        if (!Names.isEnvironment(environment)) {
            throw new IllegalArgumentException("no name of an environment: " + environment);
        }
        if (!CheckpointText.LEDGER.matcher(ledgerId).matches()) {
            throw new IllegalArgumentException("no id of a ledger: " + ledgerId);
        }
        if (sequence < 1) {
            throw new IllegalArgumentException("a checkpoint needs an event but has sequence " + sequence);
        }
        requireNonNull(digest, "digest");
        requireNonNull(stateDigest, "stateDigest");
        requireNonNull(ledgerTime, "ledgerTime");
        requireNonNull(signedAt, "signedAt");
    }

    /**
     * Of a ledger as far as it was proven.
     *
     * @throws IllegalArgumentException if there is no event in it
     */
    public static Checkpoint of(String ledgerId, Extent extent, Instant signedAt) {
        return new Checkpoint(
                extent.environment(),
                ledgerId,
                extent.sequence(),
                extent.digest(),
                extent.stateDigest(),
                extent.last(),
                signedAt);
    }
}
