package io.flagledger.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The README's story as commands, seen by the README's service: an evaluator in a JVM of its own. */
@ExtendWith(KafkaExtension.class)
class FollowExampleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path EXAMPLE = Path.of("..", "examples", "Follow.java");

    @TempDir
    private Path folder;

    @Test
    void anEvaluatorInAnotherProcessFollowsTheStory(KafkaForTest kafka) throws Exception {
        Map<String, String> variables = Map.of(
                "LEDGER_BOOTSTRAP",
                kafka.bootstrapServers(),
                "LEDGER_TOPIC_PREFIX",
                kafka.topicPrefix() + "ledger",
                "LEDGER_ENVIRONMENT",
                "test",
                "LEDGER_ACTOR",
                "dana");
        run(variables, "flag create checkout --reason r");
        Path seen = folder.resolve("seen.txt");
        ProcessBuilder service = new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                EXAMPLE.toString(),
                "checkout",
                "eve",
                "evil");
        service.environment().putAll(variables);
        Process process = service.redirectOutput(seen.toFile())
                .redirectError(folder.resolve("errors.txt").toFile())
                .start();
        try {
            awaitLines(process, seen, List.of("#1 checkout closed: STAGE"));
            Stream.of(
                            "stage checkout allowlist --reason r",
                            "allow checkout --org evil --reason r",
                            "disallow checkout --org evil --reason r",
                            "stage checkout generally-available --skip --reason r",
                            "kill checkout --reason r",
                            "release checkout --reason r")
                    .forEach(command -> run(variables, command));
            awaitLines(
                    process,
                    seen,
                    List.of(
                            "#1 checkout closed: STAGE",
                            "#2 checkout closed: STAGE",
                            "#3 checkout open: ALLOWLIST",
                            "#4 checkout closed: STAGE",
                            "#5 checkout open: GENERALLY_AVAILABLE",
                            "#6 checkout closed: KILLED",
                            "#7 checkout open: GENERALLY_AVAILABLE"));
        } finally {
            process.destroy();
        }
    }

    private static void run(Map<String, String> variables, String command) {
        Run run = Run.of(variables, command.split(" "));
        assertThat(run.status()).as(command + ": " + run.err()).isZero();
    }

    private void awaitLines(Process process, Path seen, List<String> lines) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(process.isAlive())
                    .as(() -> "the service lives: " + text(folder.resolve("errors.txt")))
                    .isTrue();
            assertThat(text(seen).lines()).containsExactlyElementsOf(lines);
        });
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
