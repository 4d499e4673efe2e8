package io.flagledger.core.kafka;

/** An environment's ledger cannot be read past some record: damaged, or written by a newer version. */
public final class StoppedException extends RuntimeException {
    StoppedException(String environment, String topic, int partition, long offset, Throwable cause) {
        super(
                "the ledger of %s can't be read past %s-%d at offset %d: %s"
                        .formatted(environment, topic, partition, offset, cause.getMessage()),
                cause);
    }
}
