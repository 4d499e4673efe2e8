/** Scenario runs. Each is a program of its own that prints its figures; {@code benchmarks/README.md} says how to run it. */
@NullMarked
package io.flagledger.benchmarks;

import org.jspecify.annotations.NullMarked;
