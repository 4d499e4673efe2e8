package io.flagledger.benchmarks.peers;

import io.flagledger.core.evaluate.Subject;
import io.flagledger.sdk.FlagLedger;
import java.nio.file.Path;

/** Flag Ledger, asked by key. */
public class Ours extends Peer {
    FlagLedger flags;

    @Override
    public void open(FlagSet set, Path dir) throws Exception {
        flags = LoadedLedger.of(set, dir);
    }

    @Override
    public Object ctx(String user, String org, boolean admin) {
        return new Subject(user, org, admin);
    }

    @Override
    public boolean eval(String key, Object ctx) {
        return flags.isOpen(key, (Subject) ctx);
    }
}
