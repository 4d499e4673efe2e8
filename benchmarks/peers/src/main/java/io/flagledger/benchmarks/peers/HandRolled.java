package io.flagledger.benchmarks.peers;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Not a peer: the least Java that gives the right answers. What is left when an SDK adds nothing. */
public final class HandRolled extends Peer {
    record Rule(boolean on, boolean plain, String prereq, boolean admin, Set<String> allow, int seed, int limit) {}

    record Ctx(String user, String org, boolean admin) {}

    final ConcurrentHashMap<String, Rule> rules = new ConcurrentHashMap<>();

    @Override
    public void open(FlagSet set, Path dir) {
        for (FlagSet.Flag f : set.flags) {
            Set<String> allow = new HashSet<>();
            for (String u : f.allow()) allow.add(FlagSet.copy(u));
            rules.put(
                    FlagSet.copy(f.key()),
                    new Rule(
                            f.on(),
                            f.kind() == FlagSet.Kind.PLAIN,
                            f.prereq() == null ? null : FlagSet.copy(f.prereq()),
                            f.kind() == FlagSet.Kind.CHAIN,
                            allow.isEmpty() ? null : allow,
                            f.key().hashCode(),
                            f.percent() * 100));
        }
    }

    @Override
    public Object ctx(String user, String org, boolean admin) {
        return new Ctx(user, org, admin);
    }

    @Override
    public boolean eval(String key, Object ctx) {
        return eval(key, (Ctx) ctx);
    }

    private boolean eval(String key, Ctx c) {
        Rule r = rules.get(key);
        if (r == null || !r.on) return false;
        if (r.plain) return true;
        if (r.prereq != null) {
            Rule p = rules.get(r.prereq);
            if (p == null || !p.on || !p.plain) return false;
        }
        if (r.admin && c.admin) return true;
        if (r.allow != null && r.allow.contains(c.user)) return true;
        return r.limit != 0 && Murmur3.bucket(c.org, r.seed) < r.limit;
    }
}
