/**
 * What an instance counts and measures, for Prometheus. The door is {@link io.flagledger.server.metrics.ServerMetrics}.
 */
@NullMarked
package io.flagledger.server.metrics;

import org.jspecify.annotations.NullMarked;
