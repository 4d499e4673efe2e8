package io.flagledger.benchmarks;

import io.flagledger.core.codec.Head;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.KillSwitchReleased;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.core.kafka.TopicSetup;
import io.flagledger.embedded.EmbeddedKafka;
import io.flagledger.projector.Projector;
import io.flagledger.projector.ProjectorConfig;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagLedgerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How long a change takes from the call of {@code append} until the call returns, until an evaluator decides by it, and
 * until the projector's history tells of it; with a projector and without. One broker, writer, evaluator and projector in
 * one JVM.
 */
public final class Propagation {
    private static final String ENVIRONMENT = "gastown-production";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int WARM_UP = 300;
    private static final int CHANGES = 500;
    private static final long PACE_NANOS = 20_000_000;

    private Propagation() {}

    /** Runs the scenario in a temporary folder. */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("propagation");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0)) {
            KafkaConnection connection = KafkaConnection.of(kafka.bootstrapServers());
            LedgerTopics topics = LedgerTopics.DEFAULT;
            try (LedgerWriter writer = LedgerWriter.open(connection, topics, PATIENCE);
                    FlagLedger flags = FlagLedger.connect(
                            FlagLedgerConfig.of(connection, ENVIRONMENT).withTopics(topics))) {
                append(writer, FlagCreated.bool("gastown"));
                flags.awaitReady(PATIENCE);
                try (Projector projector = Projector.start(
                        new ProjectorConfig(connection, topics, folder.resolve("state")),
                        TopicSetup.ensure(connection, topics, PATIENCE))) {
                    AtomicLong projected = new AtomicLong();
                    projector.onHead((Head head) -> projected.set(System.nanoTime()));
                    run(writer, flags, null, WARM_UP);
                    System.out.println("with a projector");
                    run(writer, flags, projected, CHANGES);
                }
                System.out.println("with no projector");
                run(writer, flags, null, CHANGES);
            }
        }
        System.exit(0); // the broker's last threads end by themselves, but seconds later
    }

    private static void run(LedgerWriter writer, FlagLedger flags, @Nullable AtomicLong projected, int changes) {
        Sample returned = new Sample("emit → committed, append returns", changes);
        Sample visible = new Sample("emit → visible in the evaluator", changes);
        Sample told = new Sample("emit → history tells of it", changes);
        AtomicLong seen = new AtomicLong();
        Runnable deaf = flags.onChange(change -> seen.set(System.nanoTime()));
        for (int i = 0; i < changes; i++) {
            LockSupport.parkNanos(PACE_NANOS);
            seen.set(0);
            if (projected != null) {
                projected.set(0);
            }
            long start = System.nanoTime();
            append(
                    writer,
                    i % 2 == 0
                            ? new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS)
                            : new KillSwitchReleased("gastown"));
            returned.add(System.nanoTime() - start);
            visible.add(when(seen) - start);
            if (projected != null) {
                told.add(when(projected) - start);
            }
        }
        deaf.run();
        if (changes == CHANGES) {
            System.out.println("  " + returned);
            System.out.println("  " + visible);
            if (projected != null) {
                System.out.println("  " + told);
            }
        }
    }

    private static long when(AtomicLong happened) {
        while (happened.get() == 0) {
            LockSupport.parkNanos(50_000);
        }
        return happened.get();
    }

    private static void append(LedgerWriter writer, Change change) {
        writer.append(ENVIRONMENT, Actor.service("benchmark"), "propagation", List.of(change));
    }
}
