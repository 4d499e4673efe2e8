/**
 * Decisions of Flag Ledger next to those of other SDKs, offline, in one run. Each peer must give the right answers, as
 * {@link io.flagledger.benchmarks.peers.Verifier} says them, before it is timed. Start at
 * {@link io.flagledger.benchmarks.peers.Comparison}.
 */
package io.flagledger.benchmarks.peers;
