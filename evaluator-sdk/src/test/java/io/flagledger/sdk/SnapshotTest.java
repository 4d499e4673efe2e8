package io.flagledger.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Digest;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Stage;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.MemoryLedger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SnapshotTest {
    private static final Instant AS_OF = Instant.parse("2026-02-03T04:05:06.789Z");
    private static final EnvironmentState STATE = MemoryLedger.gastown()
            .accept(
                    FlagCreated.bool("gastown"),
                    FlagCreated.bool("gastown.convoys", Parent.of("gastown")),
                    StageMoved.to("gastown", Stage.ALLOWLIST))
            .state();
    private static final Snapshot SNAPSHOT = new Snapshot("the ledger", STATE, 17, AS_OF);

    @TempDir
    private Path folder;

    @Test
    void aFileHoldsWhatWasWrittenAndReplacesTheOneBefore() throws Exception {
        Path file = folder.resolve("deeper").resolve("flags.snapshot");
        new Snapshot("the ledger", EnvironmentState.empty("gastown-test"), -1, AS_OF).write(file);
        SNAPSHOT.write(file);
        assertThat(Snapshot.read(file)).isEqualTo(SNAPSHOT);
        assertThat(file.getParent()).isDirectoryContaining(path -> path.equals(file));
        try (var files = Files.list(file.getParent())) {
            assertThat(files).as("nothing else is left behind").hasSize(1);
        }
    }

    /** As many as are worth the work of several cores. */
    @Test
    void manyFlagsAreReadAsTheyWereWrittenAndOneOfThemThatIsOfANewerVersionIsTold() throws Exception {
        EnvironmentState many = MemoryLedger.gastown()
                .accept(IntStream.range(0, 1_000)
                        .mapToObj(i -> FlagCreated.bool("flag-" + i))
                        .toArray(Change[]::new))
                .state();
        byte[] bytes = new Snapshot("the ledger", many, 17, AS_OF).toBytes();
        assertThat(Snapshot.fromBytes(bytes, "flags.snapshot").state()).isEqualTo(many);

        int body = bytes.length - Digest.LENGTH;
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int place = 20; // the head
        for (int i = 0; i < 700; i++) {
            place += Integer.BYTES + in.getInt(place);
        }
        bytes[place + Integer.BYTES + 2]++; // the fingerprint of its schema
        in.put(body, Digest.of(bytes, 0, body).toBytes());
        assertThatThrownBy(() -> Snapshot.fromBytes(bytes, "flags.snapshot"))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining("flags.snapshot can't be read")
                .hasMessageContaining("newer version");
    }

    @Test
    void everyFlippedBitIsNoticed() {
        byte[] bytes = SNAPSHOT.toBytes();
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> Snapshot.fromBytes(flipped, "flags.snapshot"))
                    .as("bit %d", bit)
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageContaining("flags.snapshot");
        }
    }

    @Test
    void everyTruncationAndWhateverFollowsTheEndIsNoticed() {
        byte[] bytes = SNAPSHOT.toBytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> Snapshot.fromBytes(cut, "flags.snapshot"))
                    .as("%d bytes", length)
                    .isInstanceOf(SnapshotException.class);
        }
        assertThatThrownBy(() -> Snapshot.fromBytes(Arrays.copyOf(bytes, bytes.length + 1), "flags.snapshot"))
                .isInstanceOf(SnapshotException.class);
    }

    @Test
    void aFileOfAnotherVersionIsToldFromADamagedOne() {
        byte[] bytes = SNAPSHOT.toBytes();
        ByteBuffer.wrap(bytes).putInt(8, 2);
        assertThatThrownBy(() -> Snapshot.fromBytes(bytes, "flags.snapshot"))
                .isInstanceOf(SnapshotException.class)
                .hasMessage(
                        "flags.snapshot is a snapshot of version 2, and this version of Flag Ledger reads version 1");
    }

    @Test
    void halfABatchIsNoSnapshot() {
        EnvironmentState half = new EnvironmentState(
                STATE.environment(), STATE.sequence(), STATE.digest(), STATE.ledgerTime(), 1, STATE.flags());
        assertThatThrownBy(() -> new Snapshot("the ledger", half, 17, AS_OF))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not end its batch");
    }
}
