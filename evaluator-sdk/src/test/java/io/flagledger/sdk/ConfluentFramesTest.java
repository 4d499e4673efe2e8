package io.flagledger.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Stage;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.core.registry.RegistryForTest;
import io.flagledger.core.registry.RegistryForTest.Illness;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.sdk.Status.State;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
final class ConfluentFramesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ENVIRONMENT = "gastown-production";
    private static final Subject ADA = Subject.user("ada").org("acme");

    private final RegistryForTest registry = new RegistryForTest();
    private final KafkaConnection plain;
    private final LedgerTopics topics;

    ConfluentFramesTest(KafkaForTest broker) throws IOException {
        plain = KafkaConnection.of(broker.bootstrapServers());
        topics = LedgerTopics.withPrefix(broker.topicPrefix() + "ledger");
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void aLedgerInBothFramesIsFollowedOnceTheRegistryAnswers() throws Exception {
        append(plain, FlagCreated.bool("gastown"));
        long last = append(
                confluent(), StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE).skipping());
        registry.fallIll(Illness.answering(403, "{\"message\":\"not now\"}"));
        try (FlagLedger flags = connect(confluent())) {
            await().atMost(PATIENCE)
                    .until(() -> String.valueOf(flags.status().problem()).contains("403: not now"));
            assertThat(flags.status().state()).isEqualTo(State.STARTING);

            registry.recover();
            flags.awaitReady(PATIENCE);
            assertThat(flags.awaitSequence(last, PATIENCE)).isTrue();
            assertThat(flags.isOpen("gastown", ADA)).isTrue();
            assertThat(flags.status().state()).isEqualTo(State.READY);
        }
    }

    @Test
    void withoutARegistryTheEvaluatorSaysWhatItNeeds() {
        append(plain, FlagCreated.bool("gastown"));
        append(confluent(), StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE).skipping());
        try (FlagLedger flags = connect(plain)) {
            await().atMost(PATIENCE).until(() -> flags.status().state() == State.STALE);
            assertThat(flags.status().problem()).contains("id 1").contains("schema.registry.url");
            assertThat(flags.status().sequence()).isEqualTo(1);
        }
    }

    private KafkaConnection confluent() {
        return new KafkaConnection(plain.bootstrapServers(), Map.of("schema.registry.url", registry.url()));
    }

    private FlagLedger connect(KafkaConnection connection) {
        return FlagLedger.connect(FlagLedgerConfig.of(connection, ENVIRONMENT).withTopics(topics));
    }

    private long append(KafkaConnection connection, Change change) {
        try (LedgerWriter writer = LedgerWriter.open(connection, topics, PATIENCE)) {
            AppendResult result = writer.append(ENVIRONMENT, Actor.human("dana"), "a test", List.of(change));
            assertThat(result).isInstanceOf(AppendResult.Accepted.class);
            return ((AppendResult.Accepted) result).sequence();
        }
    }
}
