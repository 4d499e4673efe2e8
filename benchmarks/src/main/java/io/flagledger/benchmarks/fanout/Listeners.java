package io.flagledger.benchmarks.fanout;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * The clients, in a JVM of their own. For each sequence that comes on standard input it prints when each OFREP stream had
 * it, and when each flagd stream had what it changed, in microseconds since 1970.
 */
final class Listeners {
    /** The flag's revision after the first change: it was made by five. */
    private static final int FIRST_REVISION = 6;

    /** An OFREP stream is told the sequence; a flagd stream shows a revision of the flag that each change is of. */
    private final Map<Long, Arrivals> events = new ConcurrentHashMap<>();

    private final Arrivals[] syncs;
    private final int streams;

    private Listeners(int streams, int changes) {
        this.streams = streams;
        this.syncs = new Arrivals[changes];
        Arrays.setAll(syncs, i -> new Arrivals(streams));
    }

    public static void main(String[] args) throws Exception {
        int streams = Integer.parseInt(args[4]);
        Listeners listeners = new Listeners(streams, 10_000);
        AtomicLong opened = new AtomicLong();
        long began = System.nanoTime();
        EventStreams.open(Integer.parseInt(args[0]), args[2], args[3], streams, (stream, sequence) -> {
            opened.incrementAndGet();
            listeners.event(sequence).arrived(stream);
        });
        SyncStreams.open(Integer.parseInt(args[1]), args[2], args[3], streams, (stream, revision) -> {
            opened.incrementAndGet();
            listeners.syncs[(int) revision].arrived(stream);
        });
        while (opened.get() < 2L * streams) {
            Thread.sleep(20);
        }
        System.out.printf(
                "%d event streams and %d sync streams opened in %d ms%n",
                streams, streams, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
        listeners.serve();
    }

    private Arrivals event(long sequence) {
        return events.computeIfAbsent(sequence, unused -> new Arrivals(streams));
    }

    private void serve() throws IOException, InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int revision = FIRST_REVISION;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(event(Long.parseLong(line)).all());
            System.out.println(syncs[revision++].all());
        }
    }

    /** When each of some streams had one change. */
    private static final class Arrivals {
        private final long[] at;
        private final CountDownLatch missing;

        Arrivals(int streams) {
            at = new long[streams];
            missing = new CountDownLatch(streams);
        }

        void arrived(int stream) {
            synchronized (this) {
                if (at[stream] != 0) {
                    return;
                }
                at[stream] = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
            }
            missing.countDown();
        }

        String all() throws InterruptedException {
            if (!missing.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException(missing.getCount() + " streams have heard nothing for 30 s");
            }
            return Arrays.stream(at).mapToObj(String::valueOf).collect(Collectors.joining(","));
        }
    }

    /** Told of each thing that a stream hears. */
    @FunctionalInterface
    interface Heard {
        void by(int stream, long what);
    }
}
