package io.flagledger.benchmarks.peers;

import io.flagledger.core.evaluate.Subject;
import io.flagledger.sdk.FlagHandle;
import java.nio.file.Path;

/** Flag Ledger, asked by the handle of the chain; by key for all else. */
public final class OursHandle extends Ours {
    private FlagHandle chain;

    @Override
    public void open(FlagSet set, Path dir) throws Exception {
        super.open(set, dir);
        chain = flags.handle(FlagSet.CHAIN);
    }

    @Override
    public boolean chain(String key, Object ctx) {
        return key.equals(FlagSet.CHAIN) ? chain.isOpen((Subject) ctx) : eval(key, ctx);
    }
}
