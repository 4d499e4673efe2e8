/**
 * Flags by way of OpenFeature, whose SDK the service brings along. Start at
 * {@link io.flagledger.sdk.openfeature.FlagLedgerProvider}.
 */
@NullMarked
package io.flagledger.sdk.openfeature;

import org.jspecify.annotations.NullMarked;
