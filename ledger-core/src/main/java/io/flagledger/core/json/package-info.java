/**
 * The shapes that people and other programs see: the HTTP API's, and the command line's with {@code -o json}. Start at
 * {@link io.flagledger.core.json.LedgerJson}.
 */
@NullMarked
package io.flagledger.core.json;

import org.jspecify.annotations.NullMarked;
