/**
 * Writers that are killed and put to sleep while they race on one environment, a broker that is killed in the middle, and
 * a model that judges what came of it. The door is {@link io.flagledger.benchmarks.chaos.WriterChaos}.
 */
@NullMarked
package io.flagledger.benchmarks.chaos;

import org.jspecify.annotations.NullMarked;
