/**
 * The ledger on Kafka. Start at {@link io.flagledger.core.kafka.LedgerWriter} to change flags and at {@link
 * io.flagledger.core.kafka.LedgerReader} to read what happened. The only package of this module that knows kafka-clients.
 */
@NullMarked
package io.flagledger.core.kafka;

import org.jspecify.annotations.NullMarked;
