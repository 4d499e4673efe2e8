/**
 * What happened: the facts of a ledger and the values that they carry. Start at {@link
 * io.flagledger.core.event.Change}; everything here is immutable and knows neither Kafka nor Avro nor a clock.
 */
@NullMarked
package io.flagledger.core.event;

import org.jspecify.annotations.NullMarked;
