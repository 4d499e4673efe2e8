package io.flagledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.TopicSetup;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.projector.Projector;
import io.flagledger.projector.ProjectorConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaExtension.class)
class ProjectorRebuildTest extends OnOneLedger {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaConnection connection;
    private final LedgerTopics topics;

    @TempDir
    Path folder;

    ProjectorRebuildTest(KafkaForTest kafka) {
        super(kafka);
        connection = KafkaConnection.of(kafka.bootstrapServers());
        topics = LedgerTopics.withPrefix(kafka.topicPrefix() + "ledger");
    }

    @Test
    void everythingIsFoldedAnewOnceNoProjectorRuns() throws InterruptedException {
        done("flag create a --reason r");
        done("flag create b --reason r");
        done("flag create c -e other --reason r");
        ProjectorConfig config = new ProjectorConfig(connection, topics, folder);
        try (Projector running = Projector.start(
                config, TopicSetup.find(connection, topics, PATIENCE).orElseThrow())) {
            assertThat(running.awaitRunning(PATIENCE)).isTrue();
            assertThat(failed(1, "projector rebuild --state " + folder)).contains("still runs", "stop them all first");
        }

        assertThat(done("projector rebuild --state " + folder))
                .contains("other is folded anew: 1 event, 1 flag", "test is folded anew: 2 events, 2 flags");
        JsonNode json = json("projector rebuild --state " + folder);
        assertThat(json.at("/environments/1/sequence").asLong()).isEqualTo(2);
        assertThat(failed(2, "projector")).contains("rebuild");
    }

    @Test
    void whereThereIsNoLedgerThereIsNothingToRebuild() {
        assertThat(refused("projector rebuild --state " + folder)).contains("there is no ledger");
    }
}
