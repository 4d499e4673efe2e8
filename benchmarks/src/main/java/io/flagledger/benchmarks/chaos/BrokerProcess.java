package io.flagledger.benchmarks.chaos;

import io.flagledger.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A broker that can be killed: a folder and a port (0 takes a free one) are its arguments; it says where it listens. */
public final class BrokerProcess {
    private static final String READY = "listens on ";

    private static final long TICK_NANOS = 100_000_000;

    private BrokerProcess() {}

    /** Starts one with its data in this folder, on this port (0 takes a free one), and waits until it listens. */
    public static OtherJvm start(Path folder, Path output, String port) throws IOException {
        OtherJvm started = OtherJvm.start(
                BrokerProcess.class, output, folder.resolve("kafka").toString(), port);
        while (address(started).isEmpty()) {
            if (!started.isAlive()) {
                throw new IllegalStateException("the broker's process ended:\n" + started.output());
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
        return started;
    }

    /** Where it listens; nothing if it does not yet. */
    public static String address(OtherJvm broker) throws IOException {
        return broker.output()
                .lines()
                .filter(line -> line.startsWith(READY))
                .map(line -> line.substring(READY.length()))
                .findFirst()
                .orElse("");
    }

    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        System.out.println(READY + kafka.bootstrapServers());
        Thread.currentThread().join();
    }
}
