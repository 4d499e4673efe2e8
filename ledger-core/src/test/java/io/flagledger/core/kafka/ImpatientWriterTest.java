package io.flagledger.core.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whoever runs out of time while the ledger is being read must leave nothing half known behind. */
@ExtendWith(KafkaExtension.class)
final class ImpatientWriterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String ENVIRONMENT = "gastown-production";
    private static final Actor DANA = Actor.human("dana");

    @Test
    void anAppendThatRanOutOfTimeDoesNotLetTheNextOneForgetTheLedger(KafkaForTest kafka) {
        KafkaConnection connection = KafkaConnection.of(kafka.bootstrapServers());
        LedgerTopics topics = LedgerTopics.withPrefix(kafka.topicPrefix() + "ledger");
        try (LedgerWriter first = LedgerWriter.open(connection, topics, PATIENCE)) {
            for (int i = 0; i < 3; i++) {
                first.append(ENVIRONMENT, DANA, "a test", List.of(FlagCreated.bool("f" + i)));
            }
        }
        try (LedgerWriter second = LedgerWriter.open(connection, topics, PATIENCE)) {
            for (int millis = 1; millis <= 64; millis *= 2) {
                AppendOptions impatient = AppendOptions.DEFAULT.withTimeout(Duration.ofMillis(millis));
                try {
                    second.append(ENVIRONMENT, DANA, "a test", List.of(FlagCreated.bool("t" + millis)), impatient);
                } catch (KafkaUnavailableException e) {
                    assertThat(e).hasMessageContaining("gave up after");
                }
            }
            assertThat(second.append(ENVIRONMENT, DANA, "a test", List.of(FlagCreated.bool("f0"))))
                    .as("f0 exists")
                    .isInstanceOf(AppendResult.Refused.class);
            assertThat(second.append(ENVIRONMENT, DANA, "a test", List.of(FlagCreated.bool("last"))))
                    .isInstanceOf(AppendResult.Accepted.class);
        }
        List<Long> sequences = new ArrayList<>();
        new LedgerReader(connection, topics, PATIENCE)
                .read(
                        ENVIRONMENT,
                        event -> sequences.add(event.recorded().event().sequence()));
        assertThat(sequences).startsWith(1L, 2L, 3L).isSorted().doesNotHaveDuplicates();
    }
}
