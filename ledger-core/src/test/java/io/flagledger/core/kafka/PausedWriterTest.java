package io.flagledger.core.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flagledger.core.command.Refusal;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.embedded.KafkaProxy;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A writer in a process of its own that is put to sleep in the middle of a commit, for longer than a transaction may last. */
@ExtendWith(KafkaExtension.class)
class PausedWriterTest {
    private static final String ENVIRONMENT = "gastown-test";
    private static final Actor DANA = Actor.human("dana");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaForTest kafka;
    private final KafkaConnection connection;
    private final LedgerTopics topics;

    PausedWriterTest(KafkaForTest kafka) {
        this.kafka = kafka;
        this.connection = KafkaConnection.of(kafka.bootstrapServers());
        this.topics = new LedgerTopics(kafka.topicPrefix() + "events", kafka.topicPrefix() + "state", 1);
    }

    @ParameterizedTest(name = "the other writes {0} meanwhile")
    @CsvSource({"hooks, Accepted 3 false", "convoys, Refused 2 FLAG_EXISTS"})
    void decidesAgainOnWhatTheOthersWroteMeanwhile(String written, String answer) throws Exception {
        try (LedgerWriter other = LedgerWriter.open(connection, topics, PATIENCE);
                KafkaProxy proxy = KafkaProxy.before(kafka.bootstrapServers())) {
            append(other, "gastown");
            proxy.holdNext(ApiKeys.END_TXN);
            Process paused = start(proxy.bootstrapServers(), topics, "convoys");
            try (BufferedReader output = paused.inputReader(StandardCharsets.UTF_8)) {
                await().atMost(PATIENCE).until(() -> proxy.isHolding() || !paused.isAlive());
                assertThat(transaction()).isEqualTo(TransactionState.ONGOING);
                signal(paused, "-STOP");
                await().atMost(PATIENCE).until(() -> transaction() == TransactionState.COMPLETE_ABORT);
                append(other, written);
                proxy.release();
                signal(paused, "-CONT");
                assertThat(output.lines().toList()).contains(answer);
            } finally {
                paused.destroyForcibly().onExit().join();
            }
        }
        List<String> flags = new ArrayList<>();
        new LedgerReader(connection, topics, PATIENCE)
                .read(ENVIRONMENT, event -> flags.add(event.recorded().event().flag()));
        assertThat(flags)
                .isEqualTo(
                        written.equals("convoys")
                                ? List.of("gastown", "convoys")
                                : List.of("gastown", "hooks", "convoys"));
    }

    private TransactionState transaction() throws Exception {
        String id = "flag-ledger-writer-" + topics.events() + "-0";
        return kafka.admin()
                .describeTransactions(List.of(id))
                .description(id)
                .get()
                .state();
    }

    private static void append(LedgerWriter writer, String flag) {
        assertThat(writer.append(ENVIRONMENT, DANA, "calm", List.of(FlagCreated.bool(flag))))
                .isInstanceOf(AppendResult.Accepted.class);
    }

    private static Process start(String bootstrapServers, LedgerTopics topics, String flag) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        bootstrapServers,
                        topics.events(),
                        topics.state(),
                        flag)
                .redirectErrorStream(true)
                .start();
    }

    private static void signal(Process process, String name) throws Exception {
        Process kill = new ProcessBuilder("kill", name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }

    /** The program that is put to sleep. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) {
            LedgerTopics topics = new LedgerTopics(arguments[1], arguments[2], 1);
            try (LedgerWriter writer = LedgerWriter.open(KafkaConnection.of(arguments[0]), topics, PATIENCE)) {
                AppendResult result = writer.append(
                        ENVIRONMENT,
                        DANA,
                        "asleep",
                        List.of(FlagCreated.bool(arguments[3])),
                        AppendOptions.DEFAULT.withTimeout(PATIENCE));
                if (result instanceof AppendResult.Accepted accepted) {
                    System.out.println("Accepted " + accepted.sequence() + " " + accepted.replayed());
                } else if (result instanceof AppendResult.Refused refused) {
                    Refusal.Kind kind = refused.refusal().kind();
                    System.out.println("Refused " + refused.sequence() + " " + kind);
                }
            }
        }
    }
}
