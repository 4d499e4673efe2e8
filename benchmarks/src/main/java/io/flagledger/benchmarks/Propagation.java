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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How long a kill switch takes from the call of {@code append} until the call returns, until the first and the last of 1, 10
 * and 100 evaluators decide by it, and until the projector's history tells of it; with a projector, and with every projector
 * dead. Broker, writer, evaluators and projector are in one JVM.
 */
public final class Propagation {
    private static final String ENVIRONMENT = "gastown-production";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<Integer> EVALUATORS = List.of(1, 10, 100);
    private static final int WARM_UP = 300;
    private static final int CHANGES = 500;
    private static final long PACE_NANOS = 20_000_000;

    private final LedgerWriter writer;
    private final KafkaConnection connection;
    private final List<FlagLedger> evaluators = new ArrayList<>();
    private final AtomicInteger seen = new AtomicInteger();
    private final AtomicLong seenFirst = new AtomicLong();
    private final AtomicLong seenLast = new AtomicLong();
    private boolean killed;

    private Propagation(LedgerWriter writer, KafkaConnection connection) {
        this.writer = writer;
        this.connection = connection;
    }

    /** Runs the scenario in a temporary folder; takes the number of changes for each line, 500 if none is given. */
    public static void main(String[] arguments) throws Exception {
        int changes = arguments.length == 0 ? CHANGES : Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory("propagation");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0)) {
            KafkaConnection connection = KafkaConnection.of(kafka.bootstrapServers());
            LedgerTopics topics = LedgerTopics.DEFAULT;
            try (LedgerWriter writer = LedgerWriter.open(connection, topics, PATIENCE)) {
                Propagation scenario = new Propagation(writer, connection);
                scenario.append(FlagCreated.bool("gastown"));
                try (Projector projector = Projector.start(
                        new ProjectorConfig(connection, topics, folder.resolve("state")),
                        TopicSetup.ensure(connection, topics, PATIENCE))) {
                    AtomicLong projected = new AtomicLong();
                    projector.onHead((Head head) -> projected.set(System.nanoTime()));
                    scenario.grow(1);
                    scenario.run(null, Math.min(WARM_UP, changes), false);
                    System.out.println("with a projector");
                    scenario.runAll(projected, changes);
                }
                System.out.println("with no projector");
                scenario.runAll(null, changes);
            }
        }
        System.exit(0); // the broker's last threads end by themselves, but seconds later
    }

    private void runAll(@Nullable AtomicLong projected, int changes) throws InterruptedException {
        for (int evaluators : EVALUATORS) {
            grow(evaluators);
            run(null, Math.min(20, changes), false);
            run(projected, changes, true);
        }
        grow(0);
    }

    /** Sees to it that there are so many evaluators, all of them current. */
    private void grow(int count) throws InterruptedException {
        while (evaluators.size() > count) {
            evaluators.remove(evaluators.size() - 1).close();
        }
        while (evaluators.size() < count) {
            FlagLedger flags = FlagLedger.connect(FlagLedgerConfig.of(connection, ENVIRONMENT));
            flags.onChange(change -> {
                long now = System.nanoTime();
                seenFirst.compareAndSet(0, now);
                seenLast.accumulateAndGet(now, Math::max);
                seen.incrementAndGet();
            });
            evaluators.add(flags);
        }
        for (FlagLedger flags : evaluators) {
            if (!flags.awaitCurrent(PATIENCE)) {
                throw new IllegalStateException("an evaluator does not get current: " + flags.status());
            }
        }
    }

    private void run(@Nullable AtomicLong projected, int changes, boolean tell) {
        Sample returned = new Sample("emit → committed, append returns", changes);
        Sample first = new Sample("emit → visible in the first of %d".formatted(evaluators.size()), changes);
        Sample last = new Sample("emit → visible in the last of %d".formatted(evaluators.size()), changes);
        Sample told = new Sample("emit → history tells of it", changes);
        LockSupport.parkNanos(5 * PACE_NANOS); // what was known at the start has been told by then
        for (int i = 0; i < changes; i++) {
            LockSupport.parkNanos(PACE_NANOS);
            seen.set(0);
            seenFirst.set(0);
            seenLast.set(0);
            if (projected != null) {
                projected.set(0);
            }
            long start = System.nanoTime();
            append(
                    killed
                            ? new KillSwitchReleased("gastown")
                            : new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS));
            killed = !killed;
            returned.add(System.nanoTime() - start);
            while (seen.get() < evaluators.size()) {
                LockSupport.parkNanos(50_000);
            }
            first.add(seenFirst.get() - start);
            last.add(seenLast.get() - start);
            if (projected != null) {
                told.add(when(projected) - start);
            }
        }
        if (tell) {
            System.out.println("  " + returned);
            if (evaluators.size() > 1) {
                System.out.println("  " + first);
            }
            System.out.println("  " + last);
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

    private void append(Change change) {
        writer.append(ENVIRONMENT, Actor.service("benchmark"), "propagation", List.of(change));
    }
}
