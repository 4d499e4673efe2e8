/** The program {@code ledger}. Starts in {@link io.flagledger.cli.Main}. */
@NullMarked
package io.flagledger.cli;

import org.jspecify.annotations.NullMarked;
