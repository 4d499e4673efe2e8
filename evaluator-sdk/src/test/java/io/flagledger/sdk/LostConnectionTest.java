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
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.core.kafka.TopicSetup;
import io.flagledger.sdk.Status.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that swallows what is sent, between a follower and one of two brokers. */
final class LostConnectionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration STALE_AFTER = Duration.ofSeconds(2);
    private static final String ENVIRONMENT = "gastown-production";
    private static final LedgerTopics TOPICS = LedgerTopics.DEFAULT;
    private static final Subject ADA = Subject.user("ada").org("acme");
    private static final int LEADER_OF_EVENTS = 0;
    private static final int LEADER_OF_STATE = 1;

    @TempDir
    private static Path folder;

    private static TwoBrokers brokers;
    private static LedgerWriter writer;

    @BeforeAll
    static void start() throws Exception {
        brokers = new TwoBrokers(folder);
        TopicSetup.ensure(brokers.direct(), TOPICS, PATIENCE);
        int partition = TOPICS.partitionOf(ENVIRONMENT);
        brokers.lead(new TopicPartition(TOPICS.events(), partition), LEADER_OF_EVENTS);
        brokers.lead(new TopicPartition(TOPICS.state(), partition), LEADER_OF_STATE);
        writer = LedgerWriter.open(brokers.direct(), TOPICS, PATIENCE);
        append(FlagCreated.bool("gastown"));
    }

    @AfterAll
    static void stop() throws Exception {
        writer.close();
        brokers.close();
    }

    @Test
    void aSilentLeaderOfTheEventsIsNoticedThoughTheOtherBrokerTalksOnAndForgivenWhenItTalksAgain() throws Exception {
        try (FlagLedger flags = connect()) {
            flags.awaitReady(PATIENCE);
            brokers.proxy(LEADER_OF_EVENTS).stall();
            long unseen = append(StageMoved.to("gastown", Stage.ALLOWLIST));
            await().atMost(PATIENCE).until(() -> flags.status().state() == State.STALE);
            assertThat(flags.status().silence()).isBetween(STALE_AFTER, STALE_AFTER.plusSeconds(3));
            assertThat(flags.status().problem()).contains("has said nothing of gastown-production");
            assertThat(flags.isOpen("gastown", ADA.asAdmin())).isTrue();
            await().atMost(PATIENCE)
                    .until(() -> flags.decide("gastown", ADA).stale()); // told by a thread, a moment later

            brokers.proxy(LEADER_OF_EVENTS).flow();
            assertThat(flags.awaitSequence(unseen, PATIENCE)).isTrue();
            assertThat(flags.awaitCurrent(PATIENCE)).isTrue();
            assertThat(flags.status().problem()).isNull();
        }
    }

    @Test
    void aSilentLeaderOfTheStateIsToldButAnswersAreAsCurrentAsEver() throws Exception {
        try (FlagLedger flags = connect()) {
            flags.awaitReady(PATIENCE);
            brokers.proxy(LEADER_OF_STATE).stall();
            await().atMost(PATIENCE).until(() -> flags.status().problem() != null);
            assertThat(flags.status().problem()).contains("nothing is heard of the state topic");
            assertThat(flags.status().state()).isEqualTo(State.READY);

            brokers.proxy(LEADER_OF_STATE).flow();
            await().atMost(PATIENCE).until(() -> flags.status().problem() == null);
        }
    }

    @Test
    void aFlagFailsAsConfiguredWhenTheSilenceLastsTooLong() throws Exception {
        append(
                FlagCreated.bool("payments"),
                StageMoved.to("payments", Stage.GENERALLY_AVAILABLE).skipping());
        append(
                FlagCreated.bool("theme"),
                StageMoved.to("theme", Stage.GENERALLY_AVAILABLE).skipping());
        append(
                FlagCreated.bool("search"),
                StageMoved.to("search", Stage.GENERALLY_AVAILABLE).skipping());
        FlagLedgerConfig config = config().withFailMode("payments", FailMode.ADMINS_ONLY)
                .withFailMode("theme", FailMode.CODE_DEFAULT)
                .withTooStaleAfter(STALE_AFTER.plusSeconds(1));
        try (FlagLedger flags = FlagLedger.connect(config)) {
            flags.awaitReady(PATIENCE);
            assertThat(flags.isOpen("payments", ADA)).isTrue();
            assertThat(flags.booleanValue("theme", ADA, false)).isTrue();

            brokers.proxy(LEADER_OF_EVENTS).stall();
            await().atMost(PATIENCE).until(() -> !flags.isOpen("payments", ADA));
            assertThat(flags.isOpen("payments", ADA.asAdmin())).isTrue();
            assertThat(flags.isOpen("theme", ADA.asAdmin())).isFalse();
            assertThat(flags.booleanValue("theme", ADA, true)).isTrue();
            assertThat(flags.booleanValue("theme", ADA, false)).isFalse();
            assertThat(flags.booleanDetails("theme", ADA, false).trouble()).isEqualTo(ValueDetails.Trouble.TOO_STALE);
            assertThat(flags.isOpen("search", ADA)).as("as it was known last").isTrue();

            brokers.proxy(LEADER_OF_EVENTS).flow();
            assertThat(flags.awaitCurrent(PATIENCE)).isTrue();
            await().atMost(PATIENCE).until(() -> flags.isOpen("payments", ADA));
            assertThat(flags.booleanValue("theme", ADA, false)).isTrue();
        } finally {
            brokers.proxy(LEADER_OF_EVENTS).flow();
        }
    }

    private static FlagLedger connect() {
        return FlagLedger.connect(config());
    }

    private static FlagLedgerConfig config() {
        return FlagLedgerConfig.of(brokers.outside(), ENVIRONMENT).withStaleAfter(STALE_AFTER);
    }

    private static long append(Change... changes) {
        AppendResult result = writer.append(ENVIRONMENT, Actor.human("dana"), "a test", List.of(changes));
        assertThat(result).isInstanceOf(AppendResult.Accepted.class);
        return ((AppendResult.Accepted) result).sequence();
    }
}
