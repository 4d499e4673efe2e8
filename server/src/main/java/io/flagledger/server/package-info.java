/**
 * One process that projects the ledger, answers questions over HTTP and shows the console. Start at {@link
 * io.flagledger.server.LedgerServer}.
 */
@NullMarked
package io.flagledger.server;

import org.jspecify.annotations.NullMarked;
