package io.flagledger.benchmarks.peers;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * Counts the calls of an iteration and the CPU time they took: of the calling thread, and (thread 0) of the whole JVM with its
 * GC, JIT and SDK threads. JMH's own score is wall time, which on a shared machine also counts the neighbours; these do not.
 */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class Cpu {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean OS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    public long ops;
    public long threadCpuNs;
    public long processCpuNs;

    int i;
    int k;
    private int i0;
    private long t0;
    private long p0;

    int next() {
        return i++ & FlagSet.CONTEXTS - 1;
    }

    String key(String[] keys) {
        int n = k + 1;
        if (n >= keys.length) n = 0;
        k = n;
        return keys[n];
    }

    @Setup(Level.Trial)
    public void up(ThreadParams t) {
        i = t.getThreadIndex() * 389;
        k = t.getThreadIndex() * 157;
    }

    @Setup(Level.Iteration)
    public void iterationUp() {
        i0 = i;
        p0 = OS.getProcessCpuTime();
        t0 = THREADS.getCurrentThreadCpuTime();
    }

    @TearDown(Level.Iteration)
    public void iterationDown() {
        threadCpuNs = THREADS.getCurrentThreadCpuTime() - t0;
        processCpuNs = OS.getProcessCpuTime() - p0;
        ops = i - i0 & 0xffffffffL;
    }
}
