package io.flagledger.benchmarks.peers;

import io.getunleash.DefaultUnleash;
import java.nio.file.Path;

/** Unleash with what a user can switch off: no event executor (so no task per call), and -Dhostname (so no InetAddress look-up per call). */
public final class UnleashLean extends Unleash {
    @Override
    public void open(FlagSet set, Path dir) {
        System.setProperty("hostname", "bench");
        unleash =
                new DefaultUnleash(config(dir).scheduledExecutor(new Nowhere()).build());
    }
}
