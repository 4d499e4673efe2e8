package io.flagledger.benchmarks.chaos;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.flagledger.core.command.Refusal;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.kafka.AppendOptions;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerReader;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagLedgerConfig;
import io.flagledger.sdk.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three brokers, of which the leader is parted from the other two, though not from its clients: it does not know that it was
 * deposed, and still answers how things were.
 */
class DeposedLeaderTest {
    private static final String ENVIRONMENT = "gastown-test";
    private static final LedgerTopics TOPICS = new LedgerTopics("events", "state", 1);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration STALE_AFTER = Duration.ofSeconds(5);
    private static final int BROKERS = 3;

    @TempDir
    Path folder;

    private final List<Wires.Plug> plugs = new ArrayList<>();
    private final List<OtherJvm> brokers = new ArrayList<>();
    private Wires wires;

    @BeforeEach
    void start() throws Exception {
        assumeThat(Wires.canBeLaid()).as("root, and iproute2").isTrue();
        wires = Wires.lay();
        for (int i = 0; i < BROKERS; i++) {
            plugs.add(wires.plug());
        }
        for (int i = 0; i < BROKERS; i++) {
            List<String> arguments =
                    new ArrayList<>(List.of(folder.resolve("broker-" + i).toString(), Integer.toString(i + 1)));
            plugs.forEach(plug -> arguments.add(plug.address() + ":9092:9093"));
            brokers.add(OtherJvm.start(
                    new OtherJvm.Surroundings(plugs.get(i).prefix(), Map.of(), 256),
                    QuorumBroker.class,
                    folder.resolve("broker-" + i + ".out"),
                    arguments.toArray(String[]::new)));
        }
        for (OtherJvm broker : brokers) {
            await().atMost(PATIENCE).until(() -> broker.output().contains(QuorumBroker.READY));
        }
    }

    @AfterEach
    void stop() {
        brokers.forEach(OtherJvm::close);
        if (wires != null) {
            wires.close();
        }
    }

    @Test
    void leadsNoWriterToForgetWhatOthersWroteMeanwhile() throws Exception {
        try (LedgerWriter before = LedgerWriter.open(at(all()), TOPICS, PATIENCE);
                LedgerWriter forward = LedgerWriter.open(at(all()), TOPICS, PATIENCE)) {
            assertThat(append(forward, FlagCreated.bool("gastown"))).isInstanceOf(AppendResult.Accepted.class);
            assertThat(append(before, FlagCreated.bool("hooks"))).isInstanceOf(AppendResult.Accepted.class);
            List<Wires.Plug> others = depose();
            try (LedgerWriter meanwhile = LedgerWriter.open(at(others), TOPICS, PATIENCE)) {
                assertThat(append(meanwhile, FlagCreated.bool("convoys"))).isInstanceOf(AppendResult.Accepted.class);
                assertThat(append(meanwhile, FlagCreated.bool("polecats"))).isInstanceOf(AppendResult.Accepted.class);
            }

            assertThat(append(forward, FlagCreated.bool("convoys")))
                    .as("what the deposed leader knows would let it be")
                    .isInstanceOfSatisfying(
                            AppendResult.Refused.class,
                            refused -> assertThat(refused.refusal().kind()).isEqualTo(Refusal.Kind.FLAG_EXISTS));
            assertThat(append(before, new KillSwitchEngaged("polecats", KillSwitch.NEW_ACCESS)))
                    .as("the deposed leader knows of no such flag")
                    .isInstanceOfSatisfying(
                            AppendResult.Accepted.class,
                            accepted -> assertThat(accepted.sequence()).isEqualTo(5));

            List<String> flags = new ArrayList<>();
            new LedgerReader(at(others), TOPICS, PATIENCE).read(ENVIRONMENT, event -> flags.add(event.flag()));
            assertThat(flags).containsExactly("gastown", "hooks", "convoys", "polecats", "polecats");
        }
    }

    @Test
    void isNotBelievedByEvaluatorsThatItStillAnswers() throws Exception {
        try (LedgerWriter before = LedgerWriter.open(at(all()), TOPICS, PATIENCE);
                FlagLedger flags = FlagLedger.connect(FlagLedgerConfig.of(at(all()), ENVIRONMENT)
                        .withTopics(TOPICS)
                        .withStaleAfter(STALE_AFTER))) {
            append(before, FlagCreated.bool("gastown"));
            await().atMost(PATIENCE).until(() -> flags.status().sequence() == 1);
            List<Wires.Plug> others = depose();
            try (LedgerWriter meanwhile = LedgerWriter.open(at(others), TOPICS, PATIENCE)) {
                assertThat(append(meanwhile, new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS)))
                        .isInstanceOf(AppendResult.Accepted.class);
            }
            long acknowledged = System.nanoTime();

            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
                Status status = flags.status();
                if (System.nanoTime() - acknowledged > STALE_AFTER.toNanos()) {
                    assertThat(status.state() == Status.State.READY && status.sequence() < 2)
                            .as(
                                    "%s, %d ms after the kill switch was engaged",
                                    status, (System.nanoTime() - acknowledged) / 1_000_000)
                            .isFalse();
                }
                return status.sequence() == 2 && status.state() == Status.State.READY;
            });
        }
    }

    /** Parts the leader from the other brokers, and waits until one of them has taken its place. */
    private List<Wires.Plug> depose() throws Exception {
        int leader = leader(at(all()));
        List<Wires.Plug> others =
                plugs.stream().filter(plug -> !plug.equals(plugs.get(leader))).toList();
        for (Wires.Plug other : others) {
            Wires.part(plugs.get(leader), other);
        }
        await().atMost(PATIENCE).until(() -> leader(at(others)) != leader);
        return others;
    }

    private List<Wires.Plug> all() {
        return plugs;
    }

    private static KafkaConnection at(List<Wires.Plug> brokers) {
        return KafkaConnection.of(String.join(
                ",", brokers.stream().map(plug -> plug.address() + ":9092").toList()));
    }

    /** Which of the brokers leads, as those know it that are asked. */
    private static int leader(KafkaConnection connection) throws InterruptedException {
        try (Admin admin = connection.admin(Duration.ofSeconds(10))) {
            TopicDescription events = requireNonNull(admin.describeTopics(List.of(TOPICS.events()))
                    .allTopicNames()
                    .get()
                    .get(TOPICS.events()));
            return events.partitions().get(0).leader().id() - 1;
        } catch (ExecutionException e) {
            return -1; // none just now
        }
    }

    private static AppendResult append(LedgerWriter by, Change change) {
        return by.append(
                ENVIRONMENT, Actor.human("dana"), "calm", List.of(change), AppendOptions.DEFAULT.withTimeout(PATIENCE));
    }
}
