package io.flagledger.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.LedgerTopics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProjectorConfigTest {
    private static final LedgerId LEDGER = new LedgerId("events-id", "state-id");

    @TempDir
    private Path folder;

    @Test
    void whatIsSaidReachesKafkaStreams() {
        KafkaConnection connection = new KafkaConnection(
                "localhost:9092", Map.of("client.tag.zone", "a", "rack.aware.assignment.tags", "zone"));
        StreamsConfig settings = new ProjectorConfig(
                        connection, LedgerTopics.DEFAULT, folder, 2, "projector-1", "one.example:8080")
                .streams(LEDGER);

        assertThat(settings.getInt(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG)).isEqualTo(2);
        assertThat(settings.getString(StreamsConfig.APPLICATION_SERVER_CONFIG)).isEqualTo("one.example:8080");
        assertThat(settings.getClientTags()).containsEntry("zone", "a");
        assertThat(settings.getInt(StreamsConfig.REPLICATION_FACTOR_CONFIG)).isEqualTo(-1); // as the broker says
        assertThat(settings.getMainConsumerConfigs("group", "client", 0))
                .containsEntry("group.instance.id", "projector-1-0")
                .containsEntry("session.timeout.ms", 30_000);
    }

    @Test
    void whoHasNoInstanceIdIsNoStaticMember() {
        StreamsConfig settings =
                new ProjectorConfig(KafkaConnection.of("localhost:9092"), LedgerTopics.DEFAULT, folder).streams(LEDGER);

        assertThat(settings.getMainConsumerConfigs("group", "client", 0))
                .doesNotContainKey("group.instance.id")
                .containsEntry("session.timeout.ms", 6_000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProjectorConfig(
                        KafkaConnection.of("localhost:9092"), LedgerTopics.DEFAULT, folder, -1, null, null))
                .withMessage("there can't be -1 standbys");
    }

    @Test
    void theStoresOfOtherApplicationsAreFound() throws Exception {
        ProjectorConfig config =
                new ProjectorConfig(KafkaConnection.of("localhost:9092"), LedgerTopics.DEFAULT, folder);
        Path other = Files.createDirectory(folder.resolve("flag-ledger-projector-0123456789ab"));
        Files.createDirectory(folder.resolve("something-else"));
        Files.createDirectory(config.storesOf(config.applicationId(LEDGER)));

        assertThat(config.formerStores(LEDGER)).containsExactly(other);
        assertThat(config.applicationId(LEDGER))
                .isNotEqualTo(config.applicationId(new LedgerId("events-id", "another")));
    }
}
