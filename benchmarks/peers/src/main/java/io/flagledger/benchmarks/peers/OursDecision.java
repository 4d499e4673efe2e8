package io.flagledger.benchmarks.peers;

import io.flagledger.core.evaluate.Subject;

/** Flag Ledger, asked for the whole decision with everything that led to it. */
public final class OursDecision extends Ours {
    @Override
    public boolean eval(String key, Object ctx) {
        return flags.decide(key, (Subject) ctx).granted();
    }
}
