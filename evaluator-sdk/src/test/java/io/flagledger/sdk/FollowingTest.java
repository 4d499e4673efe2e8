package io.flagledger.sdk;

import static io.flagledger.sdk.TestLedger.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Stage;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagMap;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.LastChange;
import io.flagledger.embedded.EmbeddedKafka;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.sdk.Status.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What happens to Kafka while a follower follows. */
@ExtendWith(KafkaExtension.class)
final class FollowingTest {
    private static final Subject ADA = Subject.user("ada").org("acme");

    @Test
    void aBrokerThatRestartsIsFollowedOn(@TempDir Path folder) throws Exception {
        EmbeddedKafka broker = EmbeddedKafka.start(folder, 0);
        int port = broker.port();
        try (TestLedger ledger = new TestLedger(broker.bootstrapServers(), "ledger")) {
            ledger.append(FlagCreated.bool("gastown"));
            try (FlagLedger flags = FlagLedger.connect(ledger.config().withStaleAfter(Duration.ofSeconds(1)))) {
                flags.awaitReady(PATIENCE);
                broker.close();
                await().atMost(PATIENCE).until(() -> flags.status().state() == State.STALE);
                assertThat(flags.isOpen("gastown", ADA.asAdmin())).isTrue();

                broker = EmbeddedKafka.start(folder, port);
                assertThat(flags.awaitCurrent(PATIENCE)).isTrue();
                long last = ledger.append(StageMoved.to("gastown", Stage.ALLOWLIST));
                assertThat(flags.awaitSequence(last, PATIENCE)).isTrue();
            }
        } finally {
            broker.close();
        }
    }

    @Test
    void aLedgerThatWasMadeAnewIsRefusedAndTheReasonTold(KafkaForTest broker) throws Exception {
        try (TestLedger ledger = new TestLedger(broker.bootstrapServers(), broker.topicPrefix() + "ledger")) {
            ledger.append(FlagCreated.bool("gastown"));
            ledger.append(StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE).skipping());
            try (FlagLedger flags = FlagLedger.connect(ledger.config().withStaleAfter(Duration.ofSeconds(1)))) {
                flags.awaitReady(PATIENCE);
                try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                    admin.deleteTopics(List.of(
                                    ledger.topics().events(), ledger.topics().state()))
                            .all()
                            .get();
                    // the controller says so before the broker knows
                    await().atMost(PATIENCE)
                            .until(() -> Collections.disjoint(
                                    admin.listTopics().names().get(),
                                    List.of(
                                            ledger.topics().events(),
                                            ledger.topics().state())));
                }
                ledger.begin();
                Stream.of("a", "b", "c", "d").forEach(key -> ledger.append(FlagCreated.bool(key)));
                await().atMost(Duration.ofSeconds(40))
                        .until(() -> Objects.requireNonNullElse(flags.status().problem(), "")
                                .contains("is another ledger than before"));
                assertThat(flags.status().state()).isEqualTo(State.STALE);
                assertThat(flags.state().sequence()).isEqualTo(2);
                assertThat(flags.isOpen("gastown", ADA)).isTrue();
            }
        }
    }

    @Test
    void aProjectorThatFillsTheStateTopicAnewLeadsNobodyBackAndMixesNothing(KafkaForTest broker) throws Exception {
        try (TestLedger ledger = new TestLedger(broker.bootstrapServers(), broker.topicPrefix() + "ledger")) {
            ledger.append(FlagCreated.bool("a"));
            ledger.append(FlagCreated.bool("b"));
            ledger.append(StageMoved.to("a", Stage.ALLOWLIST));
            ledger.append(StageMoved.to("b", Stage.ALLOWLIST));
            List<Snapshot> states = ledger.states();
            states.subList(1, 5).forEach(ledger::publishStep);
            try (FlagLedger flags = FlagLedger.connect(ledger.config())) {
                List<Long> seen = new CopyOnWriteArrayList<>();
                flags.onChange(change -> seen.add(change.after().state().sequence()));
                flags.awaitReady(PATIENCE);
                ledger.appendUnreadable(5);
                await().atMost(PATIENCE).until(() -> flags.status().state() == State.STALE);

                states.subList(1, 4).forEach(ledger::publishStep);
                try (FlagLedger late = FlagLedger.connect(ledger.config())) {
                    late.awaitReady(PATIENCE);
                    assertThat(late.state())
                            .as("read in the middle of it")
                            .isEqualTo(states.get(4).state());
                }
                ledger.publishStep(states.get(4));
                // and then what a newer version made of event 5
                Snapshot end = states.get(4);
                FlagState before = Objects.requireNonNull(end.state().flags().get("a"));
                FlagState changed = new FlagState(
                        before.key(),
                        before.type(),
                        before.definition(),
                        new LastChange(
                                3,
                                5,
                                before.lastChange().at(),
                                before.lastChange().by(),
                                "a newer version"));
                FlagMap<FlagState> flagsBeyond = end.state().flags().with("a", changed);
                Snapshot beyond = new Snapshot(
                        end.ledgerId(),
                        new EnvironmentState(
                                end.state().environment(),
                                5,
                                end.state().digest(),
                                end.state().ledgerTime(),
                                0,
                                flagsBeyond),
                        end.eventOffset() + 2,
                        end.asOf());
                ledger.publish(new StateEntry.Flag(TestLedger.ENVIRONMENT, changed));
                ledger.publish(TestLedger.head(beyond));
                assertThat(flags.awaitSequence(5, PATIENCE)).isTrue();
                assertThat(flags.state().flags()).isEqualTo(flagsBeyond);
                assertThat(seen).as("never back").isSorted();
            }
        }
    }
}
