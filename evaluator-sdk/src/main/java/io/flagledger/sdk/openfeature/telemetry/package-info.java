/**
 * Tells OpenTelemetry of evaluations, for services that bring its API along. Start at
 * {@link io.flagledger.sdk.openfeature.telemetry.FeatureFlagEvents}.
 */
@NullMarked
package io.flagledger.sdk.openfeature.telemetry;

import org.jspecify.annotations.NullMarked;
