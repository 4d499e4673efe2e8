package io.flagledger.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.sdk.admission.AdmissionKeys;
import io.flagledger.server.LedgerServer;
import io.flagledger.server.ServerConfig;
import io.flagledger.server.TokensForTest;
import io.flagledger.server.page.Chromium;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The TypeScript stack in {@code examples/gastown} on a real server, by its own tests, which drive a real Chromium. Skipped,
 * and loudly, where there is no Node or no Chromium; but not in CI.
 */
@ExtendWith(KafkaExtension.class)
final class GastownExampleTest {
    private static final Path EXAMPLE =
            Path.of("../examples/gastown").toAbsolutePath().normalize();
    private static final Duration LONGEST = Duration.ofMinutes(8);

    @TempDir
    private Path folder;

    @BeforeAll
    static void require() {
        NodePrograms.require();
        Chromium.require();
    }

    @Test
    void theStackIsGatedEndToEnd(KafkaForTest kafka) throws Exception {
        try (LedgerServer server = LedgerServer.start(new ServerConfig(
                        KafkaConnection.of(kafka.bootstrapServers()),
                        LedgerTopics.withPrefix(kafka.topicPrefix() + "gastown"),
                        "gastown-production",
                        folder,
                        "127.0.0.1",
                        0,
                        TokensForTest.AUTH)
                .withAdmissionKeys(AdmissionKeys.generate()))) {
            assertThat(server.awaitReady(Duration.ofSeconds(30))).isTrue();
            NodePrograms.install(EXAMPLE);
            test(server);
        }
    }

    private static void test(LedgerServer server) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("npm", "test").directory(EXAMPLE.toFile()).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "LEDGER_URL",
                        "http://127.0.0.1:" + server.httpPort(),
                        "LEDGER_FLAGD",
                        "127.0.0.1:" + server.grpcPort(),
                        "LEDGER_TOKEN",
                        TokensForTest.of("service:gastown", "evaluator@*"),
                        "LEDGER_EDITOR_TOKEN",
                        TokensForTest.of("dana", "editor@*")));
        Process process = builder.start();
        Executor later = CompletableFuture.delayedExecutor(LONGEST.toSeconds(), TimeUnit.SECONDS);
        CompletableFuture<Void> stuck = CompletableFuture.runAsync(() -> end(process), later);
        try (BufferedReader said = process.inputReader()) {
            said.lines().forEach(System.out::println);
            assertThat(process.waitFor())
                    .as("the status of npm test, which says above what is wrong")
                    .isZero();
        } finally {
            stuck.cancel(true);
            end(process);
        }
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
