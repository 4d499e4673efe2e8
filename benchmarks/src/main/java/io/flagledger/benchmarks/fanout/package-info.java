/** How soon many clients of one server hear of a change, and what each costs. Start at {@link io.flagledger.benchmarks.fanout.FanOut}. */
@NullMarked
package io.flagledger.benchmarks.fanout;

import org.jspecify.annotations.NullMarked;
