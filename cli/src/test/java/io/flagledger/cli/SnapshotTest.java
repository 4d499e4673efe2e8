package io.flagledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.evaluate.Subject;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagLedgerConfig;
import io.flagledger.sdk.Snapshot;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaExtension.class)
class SnapshotTest extends OnOneLedger {
    @TempDir
    private Path folder;

    SnapshotTest(KafkaForTest kafka) {
        super(kafka);
    }

    @Test
    void aServiceStartsFromTheFileWithNoKafkaAtAll() throws Exception {
        done("flag create gastown --reason r");
        done("stage gastown generally-available --skip --reason r");
        Path file = folder.resolve("flags.snapshot");

        assertThat(done("snapshot " + file)).contains(file + " holds 1 flag of").contains("as of sequence 2");

        String environment = Snapshot.read(file).state().environment();
        try (FlagLedger flags = FlagLedger.connect(
                FlagLedgerConfig.of("127.0.0.1:1", environment).withSnapshot(file))) {
            flags.awaitReady(Duration.ZERO);
            assertThat(flags.isOpen("gastown", Subject.user("ada"))).isTrue();
            assertThat(flags.isStale()).isTrue();
        }
        assertThat(done("snapshot " + folder.resolve("other") + " -o json")).contains("\"sequence\"");
    }
}
