/**
 * How an environment was at any time, and how it became so. Start at {@link io.flagledger.core.travel.LedgerHistory};
 * everything here is a fold of events that somebody hands over, and knows neither Kafka nor Avro nor a clock.
 */
@NullMarked
package io.flagledger.core.travel;

import org.jspecify.annotations.NullMarked;
