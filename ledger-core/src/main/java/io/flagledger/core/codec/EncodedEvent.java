package io.flagledger.core.codec;

import io.flagledger.core.event.Digest;

/**
 * An event as bytes.
 *
 * @param value of the Kafka record; not copied, so do not change it
 * @param digest of the Avro body, which the next event carries
 */
@SuppressWarnings("ArrayRecordComponent") // handed straight to the producer; never compared
public record EncodedEvent(byte[] value, Digest digest) {}
