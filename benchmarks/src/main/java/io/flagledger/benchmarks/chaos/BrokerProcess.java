package io.flagledger.benchmarks.chaos;

import io.flagledger.embedded.EmbeddedKafka;
import java.nio.file.Path;

/** A broker that can be killed: a folder and a port (0 takes a free one) are its arguments; it says where it listens. */
final class BrokerProcess {
    static final String READY = "listens on ";

    private BrokerProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        System.out.println(READY + kafka.bootstrapServers());
        Thread.currentThread().join();
    }
}
