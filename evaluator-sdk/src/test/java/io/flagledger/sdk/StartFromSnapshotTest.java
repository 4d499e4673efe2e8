package io.flagledger.sdk;

import static io.flagledger.sdk.TestLedger.ENVIRONMENT;
import static io.flagledger.sdk.TestLedger.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flagledger.core.codec.StateDigest;
import io.flagledger.core.evaluate.Reason;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Stage;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.MemoryLedger;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.sdk.Status.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaExtension.class)
final class StartFromSnapshotTest {
    private static final Subject ADA = Subject.user("ada").org("acme");
    private static final FlagLedgerConfig NO_KAFKA = FlagLedgerConfig.of("127.0.0.1:1", ENVIRONMENT);

    @TempDir
    private Path folder;

    private Path file;
    private TestLedger ledger;

    @BeforeEach
    void open(KafkaForTest broker) {
        file = folder.resolve("flags.snapshot");
        ledger = new TestLedger(broker.bootstrapServers(), broker.topicPrefix() + "ledger");
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void whatWasKnownWhenItClosedIsServedWithKafkaDownAndCalledStale() throws Exception {
        ledger.append(FlagCreated.bool("gastown"));
        try (FlagLedger flags = FlagLedger.connect(ledger.config().withSnapshot(file))) {
            flags.awaitReady(PATIENCE);
            flags.awaitSequence(
                    ledger.append(
                            StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE).skipping()),
                    PATIENCE);
        }
        try (FlagLedger flags = FlagLedger.connect(NO_KAFKA.withSnapshot(file))) {
            flags.awaitReady(Duration.ZERO);
            assertThat(flags.status().state()).isEqualTo(State.STALE);
            assertThat(flags.status().problem())
                    .contains("answers come from the snapshot " + file)
                    .contains("as of " + Snapshot.read(file).asOf());
            assertThat(flags.status().stateDigest())
                    .isEqualTo(StateDigest.of(ledger.end().state()));
            assertThat(flags.isOpen("gastown", ADA)).isTrue();
            assertThat(flags.decide("gastown", ADA).stale()).isTrue();
            assertThat(flags.awaitCurrent(Duration.ofMillis(50))).isFalse();
        }
    }

    @Test
    void theFileFollowsTheFlagsWhileTheServiceRuns() throws Exception {
        try (FlagLedger flags = FlagLedger.connect(ledger.config().withSnapshot(file))) {
            flags.awaitReady(PATIENCE);
            long last = ledger.append(FlagCreated.bool("gastown"));
            await().atMost(PATIENCE)
                    .until(() ->
                            Files.exists(file) && Snapshot.read(file).state().sequence() == last);
            Snapshot end = ledger.end();
            assertThat(TestLedger.head(Snapshot.read(file))).isEqualTo(TestLedger.head(end));
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsToldAndHindersNothing() throws Exception {
        Path notAFolder = Files.createFile(folder.resolve("not-a-folder"));
        try (FlagLedger flags =
                FlagLedger.connect(ledger.config().withSnapshot(notAFolder.resolve("flags.snapshot")))) {
            flags.awaitReady(PATIENCE);
            await().atMost(PATIENCE).until(() -> flags.status().problem() != null);
            assertThat(flags.status().problem()).contains("can't be written");
            assertThat(flags.status().state()).isEqualTo(State.READY);
        }
    }

    @Test
    void onlyTheEventsBehindTheSnapshotAreRead() throws Exception {
        ledger.append(FlagCreated.bool("gastown"));
        Snapshot end = ledger.end();
        long unreadable = ledger.appendUnreadable(99); // whoever reads it waits for the state topic
        new Snapshot(end.ledgerId(), end.state(), unreadable, Instant.now()).write(file);
        long last = ledger.appendBlindly(end.state(), StageMoved.to("gastown", Stage.ALLOWLIST));
        try (FlagLedger flags = FlagLedger.connect(ledger.config().withSnapshot(file))) {
            assertThat(flags.awaitSequence(last, PATIENCE)).isTrue();
            assertThat(flags.awaitCurrent(PATIENCE)).isTrue();
        }
    }

    @Test
    void aSnapshotOfAnotherLedgerIsServedOnlyUntilKafkaSaysSo() throws Exception {
        EnvironmentState foreign = new MemoryLedger(ENVIRONMENT)
                .accept(FlagCreated.bool("foreign"))
                .state();
        new Snapshot("another ledger", foreign, 0, Instant.now()).write(file);
        ledger.append(FlagCreated.bool("gastown"));
        List<Status> states = new CopyOnWriteArrayList<>();
        try (FlagLedger flags = FlagLedger.connect(ledger.config().withSnapshot(file))) {
            flags.onStatus(states::add);
            assertThat(flags.awaitCurrent(PATIENCE)).isTrue();
            assertThat(flags.state().flags().sortedKeys()).containsExactly("gastown");
            assertThat(flags.decide("foreign", ADA.asAdmin()).reason()).isEqualTo(Reason.UNKNOWN_FLAG);
        }
        assertThat(Snapshot.read(file).ledgerId()).isEqualTo(ledger.id().events());
    }

    @Test
    void aSnapshotThatTheLedgerDoesNotContinueIsRefused() throws Exception {
        EnvironmentState other =
                new MemoryLedger(ENVIRONMENT).accept(FlagCreated.bool("other")).state();
        ledger.append(FlagCreated.bool("gastown"));
        long last = ledger.append(StageMoved.to("gastown", Stage.ALLOWLIST));
        new Snapshot(ledger.id().events(), other, ledger.states().get(1).eventOffset(), Instant.now()).write(file);
        for (int i = 0; i < 20; i++) {
            ledger.publish(TestLedger.head(ledger.states().get(0))); // a state topic that would be more to read
        }
        try (FlagLedger flags = FlagLedger.connect(ledger.config().withSnapshot(file))) {
            assertThat(flags.awaitCurrent(PATIENCE)).isTrue();
            assertThat(flags.state().sequence()).isEqualTo(last);
            assertThat(flags.state()).isEqualTo(ledger.end().state());
        }
    }

    @Test
    void aDamagedSnapshotOrOneOfAnotherEnvironmentIsToldAndNeverServed() throws Exception {
        Files.writeString(file, "no snapshot");
        try (FlagLedger flags = FlagLedger.connect(NO_KAFKA.withSnapshot(file))) {
            assertThat(flags.status().state()).isEqualTo(State.STARTING);
            assertThat(flags.status().problem()).contains(file + " is no snapshot");
        }
        new Snapshot(
                        "the ledger",
                        MemoryLedger.gastown()
                                .accept(FlagCreated.bool("gastown"))
                                .state(),
                        0,
                        Instant.now())
                .write(file);
        try (FlagLedger flags = FlagLedger.connect(NO_KAFKA.withSnapshot(file))) {
            assertThat(flags.status().state()).isEqualTo(State.STARTING);
            assertThat(flags.status().problem())
                    .contains(file + " is a snapshot of gastown-test, not of gastown-production");
            assertThat(flags.isOpen("gastown", ADA.asAdmin())).isFalse();
        }
    }

    @Test
    void ofTheFileAndTheOneThatShipsTheLaterIsTaken() throws Exception {
        ledger.append(FlagCreated.bool("gastown"));
        ledger.append(FlagCreated.bool("gastown.convoys"));
        List<Snapshot> states = ledger.states();
        Path shipped = folder.resolve("shipped.snapshot");
        at(states.get(1), Instant.now().minusSeconds(60)).write(file);
        at(states.get(2), Instant.now()).write(shipped);
        try (FlagLedger flags = FlagLedger.connect(
                NO_KAFKA.withSnapshot(file).withSnapshotResource(shipped.toUri().toURL()))) {
            assertThat(flags.state().sequence()).isEqualTo(2);
        }
        Files.delete(file);
        at(states.get(1), Instant.now().plusSeconds(60)).write(file);
        try (FlagLedger flags = FlagLedger.connect(
                NO_KAFKA.withSnapshot(file).withSnapshotResource(shipped.toUri().toURL()))) {
            assertThat(flags.state().sequence()).isEqualTo(1);
        }
    }

    @Test
    void anOldSnapshotCountsAsTooStaleFromTheStart() throws Exception {
        ledger.append(FlagCreated.bool("gastown"));
        ledger.append(StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE).skipping());
        at(ledger.end(), Instant.now().minusSeconds(3600)).write(file);
        try (FlagLedger flags =
                FlagLedger.connect(NO_KAFKA.withSnapshot(file).withFailMode("gastown", FailMode.ADMINS_ONLY))) {
            await().atMost(PATIENCE).until(() -> !flags.isOpen("gastown", ADA));
            assertThat(flags.isOpen("gastown", ADA.asAdmin())).isTrue();
            assertThat(flags.status().silence()).isGreaterThanOrEqualTo(Duration.ofHours(1));
        }
    }

    private static Snapshot at(Snapshot snapshot, Instant asOf) {
        return new Snapshot(snapshot.ledgerId(), snapshot.state(), snapshot.eventOffset(), asOf);
    }
}
