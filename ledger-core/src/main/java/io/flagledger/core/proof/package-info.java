/**
 * Whether a ledger is what it was. Start at {@link io.flagledger.core.proof.LedgerProof}, which walks it, and at {@link
 * io.flagledger.core.proof.Checkpoint}, which is kept elsewhere and convicts what the ledger alone cannot.
 */
@NullMarked
package io.flagledger.core.proof;

import org.jspecify.annotations.NullMarked;
