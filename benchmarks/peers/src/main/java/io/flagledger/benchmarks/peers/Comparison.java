package io.flagledger.benchmarks.peers;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs {@link PeerBench} and prints each peer next to the hand-rolled floor of the same run. Takes JMH's own options; for
 * instance {@code dChain -t 2 -p peer=HandRolled,Ours,LaunchDarkly -p flags=10000}.
 */
public final class Comparison {
    private static final String FLOOR = "HandRolled";

    private Comparison() {}

    public static void main(String[] arguments) throws Exception {
        Options options = new OptionsBuilder()
                .parent(new CommandLineOptions(arguments))
                .addProfiler(GCProfiler.class)
                .build();
        Collection<RunResult> results = new Runner(options).run();
        Map<String, Map<String, RunResult>> byCase = new TreeMap<>();
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark();
            byCase.computeIfAbsent(
                            "%s, %s flags"
                                    .formatted(
                                            name.substring(name.lastIndexOf('.') + 1),
                                            result.getParams().getParam("flags")),
                            key -> new TreeMap<>())
                    .put(result.getParams().getParam("peer"), result);
        }
        byCase.forEach(Comparison::print);
    }

    private static void print(String title, Map<String, RunResult> peers) {
        System.out.printf("%n%-28s %12s %10s %12s %12s%n", title, "ns", "cpu ns", "to the floor", "B");
        RunResult floor = peers.get(FLOOR);
        peers.forEach((peer, result) -> System.out.printf(
                Locale.ROOT,
                "%-28s %12.1f %10.1f %12.2f %12.1f%n",
                peer,
                result.getPrimaryResult().getScore(),
                cpu(result),
                floor == null ? Double.NaN : cpu(result) / cpu(floor),
                secondary(result, "gc.alloc.rate.norm")));
    }

    /** The calling threads' own time for a call: other processes of the machine are not in it. */
    private static double cpu(RunResult result) {
        return secondary(result, "threadCpuNs") / secondary(result, "ops");
    }

    private static double secondary(RunResult result, String name) {
        Result<?> found = result.getSecondaryResults().get(name);
        return found == null ? Double.NaN : found.getScore();
    }
}
