package io.flagledger.benchmarks;

import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.embedded.EmbeddedKafka;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** How long a writer's first append takes on a long ledger, which it reads whole, and how much memory it then holds. */
public final class OpeningRead {
    private static final String ENVIRONMENT = "gastown-production";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final LedgerTopics TOPICS = LedgerTopics.DEFAULT;

    private OpeningRead() {}

    /** Takes the number of events; 1 000 000 if none is given. */
    public static void main(String[] arguments) throws Exception {
        int events = arguments.length == 0 ? 1_000_000 : Integer.parseInt(arguments[0]);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(Files.createTempDirectory("opening-read"), 0)) {
            KafkaConnection connection = KafkaConnection.of(kafka.bootstrapServers());
            LedgerWriter.open(connection, TOPICS, PATIENCE).close();
            LongLedger.fill(connection, TOPICS, ENVIRONMENT, events);
            long before = used();
            try (LedgerWriter writer = LedgerWriter.open(connection, TOPICS, PATIENCE)) {
                long first = append(writer, FlagCreated.bool("first"));
                long held = used() - before;
                long second = append(writer, FlagCreated.bool("second"));
                System.out.printf(
                        Locale.ROOT,
                        "%,d events: first append %.2f s (%,.0f events/s), second %.1f ms, held %.1f MB (%.0f bytes an event)%n",
                        events,
                        first / 1e9,
                        events / (first / 1e9),
                        second / 1e6,
                        held / 1e6,
                        (double) held / events);
            }
        }
        System.exit(0); // the broker's last threads end by themselves, but seconds later
    }

    private static long append(LedgerWriter writer, Change change) {
        long start = System.nanoTime();
        writer.append(ENVIRONMENT, Actor.service("benchmark"), "opening", List.of(change));
        return System.nanoTime() - start;
    }

    private static long used() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
