/**
 * How history becomes state. Start at {@link io.flagledger.core.fold.Fold}; the rest is what it makes. Pure: no clock,
 * no I/O, so that every machine gets the same state from the same events, for ever.
 */
@NullMarked
package io.flagledger.core.fold;

import org.jspecify.annotations.NullMarked;
