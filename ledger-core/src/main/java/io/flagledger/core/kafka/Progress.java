package io.flagledger.core.kafka;

/** Is told how far a read has come. */
@FunctionalInterface
public interface Progress {
    /** Wants to know nothing. */
    Progress NONE = (done, total) -> {};

    /**
     * Tells how much was read. Called on the thread that reads, after each answer of Kafka and once at the end.
     *
     * @param done how many records of the partition, other environments' included
     * @param total how many there were when the read began
     */
    void read(long done, long total);
}
