package io.flagledger.benchmarks.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One evaluation. xxx: the context is one of 1,024 prebuilt; xxxBuild: the context is built from three values in the call.
 * a plain flag, b allowlist of 1,000 (hit, miss), c 25 % keyed on the org, d prerequisite + admin check + allowlist miss + 25 %.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PeerBench {

    @State(Scope.Benchmark)
    public static class Loaded {
        @Param({
            "HandRolled",
            "Ours",
            "OursHandle",
            "OursDecision",
            "OursOpenFeature",
            "OpenFeatureMemory",
            "LaunchDarkly",
            "Unleash",
            "UnleashLean",
            "Flagd",
            "ConfigCat",
            "Togglz",
            "Ff4j",
            "Statsig",
            "StatsigCore"
        })
        public String peer;

        @Param({"1000", "10000"})
        public int flags;

        FlagSet set;
        Peer p;
        Object[] hit;
        Object[] miss;

        @Setup(Level.Trial)
        public void up() throws Exception {
            set = new FlagSet(flags);
            Path dir = Files.createTempDirectory("peer");
            p = Peer.of(peer);
            p.prepare(set, dir);
            p.open(set, dir);
            try (Stream<Path> files = Files.walk(dir)) { // loaded: leave nothing behind
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            System.out.println("verified " + peer + ": " + Verifier.verify(p, set));
            hit = new Object[FlagSet.CONTEXTS];
            miss = new Object[FlagSet.CONTEXTS];
            for (int i = 0; i < FlagSet.CONTEXTS; i++) {
                hit[i] = p.ctx(set.hitUser[i], set.org[i], false);
                miss[i] = p.ctx(set.missUser[i], set.org[i], false);
            }
        }

        @TearDown(Level.Trial)
        public void down() throws Exception {
            // three answers only: JMH counts this call's allocation into the last iteration
            if (!p.eval(FlagSet.PLAIN, miss[0]) || !p.eval(FlagSet.ALLOW, hit[0]) || p.eval(FlagSet.ALLOW, miss[0]))
                throw new IllegalStateException("WRONG ANSWER after the run");
            p.close();
        }
    }

    @Benchmark
    public boolean aPlain(Loaded s, Cpu c) {
        return s.p.eval(FlagSet.PLAIN, s.miss[c.next()]);
    }

    /** As aPlain, but a different plain flag each call (40 % of all loaded flags, shuffled). */
    @Benchmark
    public boolean aPlainEveryKey(Loaded s, Cpu c) {
        return s.p.eval(c.key(s.set.plainKeys), s.miss[c.next()]);
    }

    @Benchmark
    public boolean bAllowHit(Loaded s, Cpu c) {
        return s.p.eval(FlagSet.ALLOW, s.hit[c.next()]);
    }

    @Benchmark
    public boolean bAllowMiss(Loaded s, Cpu c) {
        return s.p.eval(FlagSet.ALLOW, s.miss[c.next()]);
    }

    @Benchmark
    public boolean cPercent(Loaded s, Cpu c) {
        return s.p.eval(FlagSet.PCT, s.miss[c.next()]);
    }

    @Benchmark
    public boolean dChain(Loaded s, Cpu c) {
        return s.p.chain(FlagSet.CHAIN, s.miss[c.next()]);
    }

    @Benchmark
    public boolean aPlainBuild(Loaded s, Cpu c) {
        int i = c.next();
        return s.p.eval(FlagSet.PLAIN, s.p.ctx(s.set.missUser[i], s.set.org[i], false));
    }

    @Benchmark
    public boolean bAllowHitBuild(Loaded s, Cpu c) {
        int i = c.next();
        return s.p.eval(FlagSet.ALLOW, s.p.ctx(s.set.hitUser[i], s.set.org[i], false));
    }

    @Benchmark
    public boolean bAllowMissBuild(Loaded s, Cpu c) {
        int i = c.next();
        return s.p.eval(FlagSet.ALLOW, s.p.ctx(s.set.missUser[i], s.set.org[i], false));
    }

    @Benchmark
    public boolean cPercentBuild(Loaded s, Cpu c) {
        int i = c.next();
        return s.p.eval(FlagSet.PCT, s.p.ctx(s.set.missUser[i], s.set.org[i], false));
    }

    @Benchmark
    public boolean dChainBuild(Loaded s, Cpu c) {
        int i = c.next();
        return s.p.chain(FlagSet.CHAIN, s.p.ctx(s.set.missUser[i], s.set.org[i], false));
    }
}
