package io.flagledger.core.kafka;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
class TopicSetupTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final KafkaForTest kafka;
    private final KafkaConnection connection;
    private final LedgerTopics topics;

    TopicSetupTest(KafkaForTest kafka) {
        this.kafka = kafka;
        this.connection = KafkaConnection.of(kafka.bootstrapServers());
        this.topics = new LedgerTopics(kafka.topicPrefix() + "events", kafka.topicPrefix() + "state", 3);
    }

    @Test
    void createsBothTopicsAsALedgerNeedsThem() throws Exception {
        LedgerId id = TopicSetup.ensure(connection, topics, TIMEOUT);

        assertThat(kafka.admin()
                        .describeTopics(List.of(topics.events(), topics.state()))
                        .allTopicNames()
                        .get())
                .allSatisfy((name, topic) -> assertThat(topic.partitions()).hasSize(3));
        assertThat(setting(topics.events(), "cleanup.policy")).isEqualTo("compact");
        assertThat(setting(topics.events(), "message.timestamp.type")).isEqualTo("LogAppendTime");
        assertThat(setting(topics.state(), "cleanup.policy")).isEqualTo("compact");
        assertThat(id.events()).isNotEqualTo(id.state()).hasSize(22);
    }

    @Test
    void findsTheSameLedgerAgain() {
        LedgerId id = TopicSetup.ensure(connection, topics, TIMEOUT);
        assertThat(TopicSetup.ensure(connection, topics, TIMEOUT)).isEqualTo(id);
        assertThat(TopicSetup.find(connection, topics, TIMEOUT)).contains(id);
    }

    @Test
    void findsNothingWhereATopicIsMissingAndCreatesNone() throws Exception {
        assertThat(TopicSetup.find(connection, topics, TIMEOUT)).isEmpty();
        create(topics.events(), 3, Map.of("cleanup.policy", "compact", "message.timestamp.type", "LogAppendTime"));
        assertThat(TopicSetup.find(connection, topics, TIMEOUT)).isEmpty();
        assertThat(kafka.admin().listTopics().names().get()).doesNotContain(topics.state());
    }

    @Test
    void aMirrorMayBeReadAsItIsAndIsAppendedToByTheBrokersClockOnly() throws Exception {
        create(topics.events(), 3, Map.of("cleanup.policy", "compact"));

        Optional<String> events = TopicSetup.findEvents(connection, topics, TIMEOUT);
        assertThat(events).isPresent();
        assertThatExceptionOfType(WrongTopicException.class)
                .isThrownBy(() -> LedgerWriter.open(connection, topics, TIMEOUT))
                .withMessageContaining("needs LogAppendTime");
        assertThat(kafka.admin().listTopics().names().get())
                .as("nothing is made beside a topic that is wrong")
                .doesNotContain(topics.state());

        create(topics.state(), 3, Map.of("cleanup.policy", "compact"));
        assertThat(TopicSetup.find(connection, topics, TIMEOUT))
                .map(LedgerId::events)
                .isEqualTo(events);
        assertThatExceptionOfType(WrongTopicException.class)
                .isThrownBy(() -> LedgerWriter.find(connection, topics, TIMEOUT))
                .withMessageContaining("needs LogAppendTime");
    }

    @Test
    void refusesSettingsThatWouldLoseHistoryAndNamesTheCommandsThatMendThem() throws Exception {
        create(topics.events(), 3, Map.of());
        assertThatExceptionOfType(WrongTopicException.class)
                .isThrownBy(() -> TopicSetup.ensure(connection, topics, TIMEOUT))
                .withMessage("""
                        topic %1$s has cleanup.policy=delete but needs compact; run: kafka-configs.sh --bootstrap-server <broker> --alter --entity-type topics --entity-name %1$s --add-config cleanup.policy=compact
                        topic %1$s has message.timestamp.type=CreateTime but needs LogAppendTime; run (if it is a mirror: after mirroring has ended): kafka-configs.sh --bootstrap-server <broker> --alter --entity-type topics --entity-name %1$s --add-config message.timestamp.type=LogAppendTime""".formatted(topics.events()));
    }

    @Test
    void refusesAStateTopicThatWouldForget() throws Exception {
        create(topics.state(), 3, Map.of("cleanup.policy", "compact,delete"));
        assertThatExceptionOfType(WrongTopicException.class)
                .isThrownBy(() -> TopicSetup.ensure(connection, topics, TIMEOUT))
                .withMessageContaining("topic %s has cleanup.policy=compact,delete but needs compact; run: "
                        .formatted(topics.state()));
        assertThatExceptionOfType(WrongTopicException.class)
                .isThrownBy(() -> TopicSetup.find(connection, topics, TIMEOUT));
    }

    @Test
    void refusesAnotherCountOfPartitions() {
        TopicSetup.ensure(connection, topics, TIMEOUT);
        LedgerTopics other = new LedgerTopics(topics.events(), topics.state(), 4);
        assertThatExceptionOfType(WrongTopicException.class)
                .isThrownBy(() -> TopicSetup.ensure(connection, other, TIMEOUT))
                .withMessage("""
                        topic %s has 3 partitions but 4 are asked for; an environment's place depends on the count, so ask for 3
                        topic %s has 3 partitions but 4 are asked for; an environment's place depends on the count, so ask for 3""".formatted(topics.events(), topics.state()));
    }

    @Test
    void copiesOfWhichOneIsEnoughAreARisk() {
        TopicNeeds needs = TopicNeeds.ofEventsToCome(topics);

        assertThat(needs.risk(3, Map.of("min.insync.replicas", "1")))
                .startsWith("topic %s has 3 copies but min.insync.replicas=1: ".formatted(topics.events()))
                .endsWith("--add-config min.insync.replicas=2");
        assertThat(needs.risk(3, Map.of("min.insync.replicas", "2"))).isNull();
        assertThat(needs.risk(1, Map.of("min.insync.replicas", "1")))
                .as("one broker has nothing to lose the others by")
                .isNull();
    }

    @Test
    void givesUpInTimeWhereThereIsNoKafka() throws IOException {
        KafkaConnection nowhere = nowhere();
        Instant started = Instant.now();
        assertThatExceptionOfType(KafkaUnavailableException.class)
                .isThrownBy(() -> TopicSetup.ensure(nowhere, topics, Duration.ofSeconds(2)))
                .withMessageStartingWith("could not look up topic %s at %s: gave up after 2.0 s; last: "
                        .formatted(topics.events(), nowhere));
        assertThat(Duration.between(started, Instant.now())).isLessThan(Duration.ofSeconds(6));
    }

    @Test
    void anEnvironmentHasOnePlace() {
        assertThat(topics.partitionOf("gastown-production")).isEqualTo(topics.partitionOf("gastown-production"));
        assertThat(LedgerTopics.DEFAULT.events()).isEqualTo("flag-ledger.events");
        assertThat(LedgerTopics.DEFAULT.state()).isEqualTo("flag-ledger.state");
        assertThat(LedgerTopics.DEFAULT.partitionOf("gastown-production")).isBetween(0, 5);
    }

    /** An address at which nobody listens. */
    static KafkaConnection nowhere() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return KafkaConnection.of("127.0.0.1:" + socket.getLocalPort());
        }
    }

    private void create(String name, int partitions, Map<String, String> settings) throws Exception {
        NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(settings);
        kafka.admin().createTopics(List.of(topic)).all().get();
    }

    private String setting(String topic, String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Map<ConfigResource, Config> configs =
                kafka.admin().describeConfigs(List.of(resource)).all().get();
        return requireNonNull(configs.get(resource)).get(name).value();
    }
}
