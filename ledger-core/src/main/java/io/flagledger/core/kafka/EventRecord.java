package io.flagledger.core.kafka;

import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;

/**
 * An event that was read and folded.
 *
 * @param recorded with its append time made monotonic: its ledger time
 * @param after the environment's state after it
 * @param offset of its record in its partition
 */
public record EventRecord(Recorded recorded, EnvironmentState after, long offset) {}
