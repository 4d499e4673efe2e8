/**
 * Flags live in a process: followed from Kafka, answered from memory. Start at {@link io.flagledger.sdk.FlagLedger}.
 */
@NullMarked
package io.flagledger.sdk;

import org.jspecify.annotations.NullMarked;
