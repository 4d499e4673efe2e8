/**
 * How current an evaluator is, for Micrometer, which a service that wants this brings along: see
 * {@link io.flagledger.sdk.metrics.FlagLedgerMetrics}.
 */
@NullMarked
package io.flagledger.sdk.metrics;

import org.jspecify.annotations.NullMarked;
