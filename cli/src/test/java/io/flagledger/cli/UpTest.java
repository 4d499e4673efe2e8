package io.flagledger.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flagledger.core.kafka.LedgerTopics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpTest {
    @TempDir
    private Path folder;

    @Test
    void everythingInOneProcess() throws IOException {
        LocalLedger.Settings settings =
                new LocalLedger.Settings(folder, 0, 0, 0, "test", "dana", LedgerTopics.DEFAULT, Map.of());
        try (LocalLedger ledger = LocalLedger.start(
                settings,
                connection -> assertThat(UpCommand.play(settings, connection))
                        .contains("The Gastown story is played into test"))) {
            assertThat(ledger.awaitReady(Duration.ofSeconds(20))).isTrue();
            Map<String, String> variables = Map.of(
                    "LEDGER_BOOTSTRAP",
                    ledger.connection().bootstrapServers(),
                    "LEDGER_ENVIRONMENT",
                    "test",
                    "LEDGER_TOKEN",
                    ledger.token());
            assertThat(Run.of(variables, "flag", "list").out())
                    .contains(
                            "gastown                   PERCENTAGE 25 %",
                            "  gastown.convoys         ALLOWLIST",
                            "  gastown.merge-strategy  GENERALLY_AVAILABLE",
                            "    gastown.molecules     ADMIN_ONLY");
            assertThat(Run.of(variables, "flag", "show", "gastown.merge-strategy")
                            .out())
                    .contains("direct 70, pr 30");
            URLConnection asked = URI.create(ledger.console() + "api/v1/environments/test/flags/gastown")
                    .toURL()
                    .openConnection();
            asked.setRequestProperty("Authorization", "Bearer " + ledger.token());
            try (var page = asked.getInputStream()) {
                assertThat(new String(page.readAllBytes(), StandardCharsets.UTF_8))
                        .contains("\"PERCENTAGE\"");
            }
            assertThat(UpCommand.play(settings, ledger.connection())).contains("leaves it alone");

            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                Run same = Run.of(variables, "verify", "--projector", ledger.console());
                assertThat(same.status()).isZero();
                assertThat(same.out())
                        .contains(
                                "(active at 34): the same as a fresh replay",
                                "flag-ledger.state (topic at 34): the same as a fresh replay");
            });

            String[] another = {"--topic-prefix", "other", "--reason", "not what the server serves"};
            Run.of(
                    variables,
                    Stream.concat(Stream.of("flag", "create", "f"), Arrays.stream(another))
                            .toArray(String[]::new));
            Run differs = Run.of(variables, "verify", "--projector", ledger.console(), "--topic-prefix", "other");
            assertThat(differs.err())
                    .contains("what was made of it is not", "(active at 34): the log has no state at 34");
            assertThat(differs.status()).isEqualTo(4);

            assertThatThrownBy(() -> LocalLedger.start(settings, connection -> {}))
                    .isInstanceOf(Complaint.class)
                    .hasMessageContaining("in use by another broker")
                    .hasMessageEndingWith("choose another folder with --data");
        }
    }

    @Test
    void aTakenPortNamesItsOption() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            String data = folder.resolve("data").toString();

            Run http = up("--data", data, "--kafka-port", "0", "--grpc-port", "0", "--http-port", port);
            Run grpc = up("--data", data, "--kafka-port", "0", "--http-port", "0", "--grpc-port", port);
            Run kafka = up("--data", data, "--kafka-port", port, "--http-port", "0", "--grpc-port", "0");

            assertThat(http.err())
                    .contains("port " + port, "choose another port with --http-port")
                    .hasLineCount(1);
            assertThat(grpc.err())
                    .contains("port " + port, "choose another port with --grpc-port")
                    .hasLineCount(1);
            assertThat(kafka.err())
                    .contains("port " + port, "choose another port with --kafka-port")
                    .hasLineCount(1);
            assertThat(http.status()).isEqualTo(1);
            assertThat(grpc.status()).isEqualTo(1);
            assertThat(kafka.status()).isEqualTo(1);
            assertThat(folder.resolve("data")).as("nothing is left behind").doesNotExist();
        }
    }

    @Test
    void aFolderThatIsNoneNamesItsOption() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        Run run = up("--data", file.toString(), "--kafka-port", "0", "--http-port", "0", "--grpc-port", "0");

        assertThat(run.err()).contains(file.toString(), "with --data").hasLineCount(1);
        assertThat(run.status()).isEqualTo(1);
    }

    private static Run up(String... options) {
        return Run.of(
                Map.of(), Stream.concat(Stream.of("up"), Arrays.stream(options)).toArray(String[]::new));
    }
}
