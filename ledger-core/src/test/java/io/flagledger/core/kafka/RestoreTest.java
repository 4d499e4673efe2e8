package io.flagledger.core.kafka;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.command.Refusal.Kind;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.FlagRestored;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Stage;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
final class RestoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void theWriterLooksUpWhatTheRevisionWas(KafkaForTest kafka) {
        KafkaConnection connection = KafkaConnection.of(kafka.bootstrapServers());
        LedgerTopics topics = LedgerTopics.withPrefix(kafka.topicPrefix() + "ledger");
        try (LedgerWriter writer = LedgerWriter.open(connection, topics, PATIENCE)) {
            append(writer, FlagCreated.bool("gastown"));
            append(writer, StageMoved.to("gastown", Stage.ALLOWLIST));
            append(writer, new Change.KillSwitchEngaged("gastown", KillSwitch.ALL_ACCESS));

            AppendResult unknown = append(writer, FlagRestored.to("gastown", 4));
            assertThat(((AppendResult.Refused) unknown).refusal().kind()).isEqualTo(Kind.UNKNOWN_REVISION);

            AppendResult restored = append(writer, FlagRestored.to("gastown", 2));
            assertThat(((AppendResult.Accepted) restored)
                            .events()
                            .get(0)
                            .event()
                            .change())
                    .isInstanceOfSatisfying(FlagRestored.class, change -> {
                        Definition definition = requireNonNull(change.definition());
                        assertThat(definition.stage()).isEqualTo(Stage.ALLOWLIST);
                        assertThat(definition.killSwitch()).isEqualTo(KillSwitch.RELEASED);
                    });
        }
    }

    private static AppendResult append(LedgerWriter writer, Change change) {
        return writer.append("gastown-production", Actor.human("dana"), "a test", List.of(change));
    }
}
