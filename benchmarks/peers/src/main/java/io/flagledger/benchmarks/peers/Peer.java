package io.flagledger.benchmarks.peers;

import java.nio.file.Path;

/** One feature-flag SDK, driven through its public API. */
public abstract class Peer {
    /** Writes whatever the SDK loads from (a file); not timed. */
    public void prepare(FlagSet set, Path dir) throws Exception {}

    /** Builds the client, loads every flag, returns once it answers; timed as load. */
    public abstract void open(FlagSet set, Path dir) throws Exception;

    /** The SDK's own context object for one user. */
    public abstract Object ctx(String user, String org, boolean admin);

    public abstract boolean eval(String key, Object ctx);

    /** Prerequisite, admin, allowlist, percentage. One call where the SDK models it; several where it does not. */
    public boolean chain(String key, Object ctx) {
        return eval(key, ctx);
    }

    public void close() throws Exception {}

    public static Peer of(String name) {
        try {
            return (Peer) Class.forName("io.flagledger.benchmarks.peers." + name)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(name, e);
        }
    }
}
