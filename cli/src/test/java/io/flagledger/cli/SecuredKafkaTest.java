package io.flagledger.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.KafkaUnavailableException;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.core.kafka.TopicSetup;
import io.flagledger.embedded.junit.SecuredKafka;
import io.flagledger.projector.Projector;
import io.flagledger.projector.ProjectorConfig;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagLedgerConfig;
import io.flagledger.sdk.NotReadyException;
import io.flagledger.server.LedgerServer;
import io.flagledger.server.Role;
import io.flagledger.server.ServerConfig;
import io.flagledger.server.auth.AuthConfig;
import io.flagledger.server.auth.LocalKey;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A Kafka with TLS, passwords and ACLs, on which everybody has what {@code ledger acls} says and nothing more. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecuredKafkaTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final LedgerTopics TOPICS =
            LedgerTopics.withPrefix("secured").withPartitions(2);
    private static final String ENVIRONMENT = "test";

    private final Path folder;
    private final SecuredKafka kafka;

    SecuredKafkaTest(@TempDir Path folder) {
        this.folder = folder;
        this.kafka = SecuredKafka.withPasswords(folder, "maker", "console", "shop", "folder", "stranger");
    }

    @BeforeAll
    void allowWhatTheCommandSays() throws IOException {
        allow("maker", "setup");
        allow("console", "writer");
        allow("shop", "evaluator");
        allow("folder", "projector");
        TopicSetup.ensure(as("maker"), TOPICS, TIMEOUT);
    }

    @AfterAll
    void stop() {
        kafka.close();
    }

    @Test
    void aWriterWritesAnEvaluatorFollowsAndAProjectorProjectsWithTheirOwnRightsOnly() throws Exception {
        LedgerId ledger = TopicSetup.find(as("folder"), TOPICS, TIMEOUT).orElseThrow();
        try (LedgerWriter writer = LedgerWriter.open(as("console"), TOPICS, TIMEOUT);
                FlagLedger flags = FlagLedger.connect(
                        FlagLedgerConfig.of(as("shop"), ENVIRONMENT).withTopics(TOPICS));
                Projector projector =
                        Projector.start(new ProjectorConfig(as("folder"), TOPICS, folder.resolve("stores")), ledger)) {
            flags.awaitReady(TIMEOUT);
            AppendResult.Accepted made = append(writer, Change.FlagCreated.bool("gastown"));

            assertThat(flags.awaitSequence(made.sequence(), TIMEOUT)).isTrue();
            assertThat(flags.isOpen("gastown", Subject.user("root").asAdmin())).isTrue();
            assertThat(projector.awaitRunning(TIMEOUT)).isTrue();
            assertThat(projector.awaitSequence(ENVIRONMENT, made.sequence(), TIMEOUT))
                    .isTrue();
        }
        assertThat(ledger("shop", "verify").status()).isZero();
    }

    @Test
    void whoMayNotAskTheControllersBelievesTheLeader() throws Exception {
        try (LedgerWriter writer = LedgerWriter.open(as("console"), TOPICS, TIMEOUT);
                FlagLedger flags = FlagLedger.connect(
                        FlagLedgerConfig.of(as("folder"), ENVIRONMENT).withTopics(TOPICS))) {
            flags.awaitReady(TIMEOUT);
            AppendResult.Accepted made = append(writer, Change.FlagCreated.bool("believed"));
            assertThat(flags.awaitSequence(made.sequence(), TIMEOUT)).isTrue();
            assertThat(flags.awaitCurrent(TIMEOUT)).isTrue();
        }
    }

    @Test
    void aProjectorsRightsAreEnoughToRebuild() throws Exception {
        try (LedgerWriter writer = LedgerWriter.open(as("console"), TOPICS, TIMEOUT)) {
            append(writer, Change.FlagCreated.bool("rebuilt"));
        }
        Run run = ledger("folder", "projector rebuild --state " + folder.resolve("rebuilt"));
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains(ENVIRONMENT);
    }

    @Test
    void anEvaluatorsPasswordCannotWrite() throws Exception {
        assertThatExceptionOfType(KafkaUnavailableException.class)
                .isThrownBy(() -> {
                    try (LedgerWriter writer = LedgerWriter.open(as("shop"), TOPICS, TIMEOUT)) {
                        append(writer, Change.FlagCreated.bool("planted"));
                    }
                })
                .withMessageContaining("Kafka refuses and will again");

        assertThat(refusalOfWriting("shop", TOPICS.events())).isInstanceOf(TopicAuthorizationException.class);
        assertThat(refusalOfWriting("shop", TOPICS.state())).isInstanceOf(TopicAuthorizationException.class);
        assertThat(ledger("shop", "flag list").out()).doesNotContain("planted");
    }

    @Test
    void aWriterCannotForgeTheStateAndAProjectorCannotForgeEvents() throws Exception {
        assertThat(refusalOfWriting("console", TOPICS.state())).isInstanceOf(TopicAuthorizationException.class);
        assertThat(refusalOfWriting("folder", TOPICS.events())).isInstanceOf(TopicAuthorizationException.class);
    }

    @Test
    void aStrangerReadsNothing() throws Exception {
        try (FlagLedger flags = FlagLedger.connect(
                FlagLedgerConfig.of(as("stranger"), ENVIRONMENT).withTopics(TOPICS))) {
            await().untilAsserted(() -> assertThat(String.valueOf(flags.status().problem()))
                    .contains("Kafka refuses and will again", TOPICS.events()));
            assertThatExceptionOfType(NotReadyException.class)
                    .isThrownBy(() -> flags.awaitReady(Duration.ofMillis(100)));
        }
        Run run = ledger("stranger", "flag list");
        assertThat(run.err()).contains("Kafka refuses", TOPICS.events(), "`ledger acls` tells");
        assertThat(run.status()).isEqualTo(3);
    }

    @Test
    void aWrongPasswordIsToldAsSuchAndNotRepeated() {
        Map<String, String> wrong = Map.of(
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"shop\" password=\"guess\";",
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.certificates",
                kafka.operator().get("ssl.truststore.certificates"));
        assertThatExceptionOfType(KafkaUnavailableException.class)
                .isThrownBy(
                        () -> TopicSetup.find(new KafkaConnection(kafka.bootstrapServers(), wrong), TOPICS, TIMEOUT))
                .withMessageContaining("Kafka refuses and will again")
                .withMessageNotContaining("guess")
                .withCauseInstanceOf(SaslAuthenticationException.class);
    }

    @Test
    void aGatewayServesWithAnEvaluatorsRights() throws Exception {
        ServerConfig gateway = new ServerConfig(
                        as("shop"),
                        TOPICS,
                        ENVIRONMENT,
                        folder.resolve("none"),
                        "127.0.0.1",
                        0,
                        new AuthConfig.Local(LocalKey.generate()))
                .withRoles(Set.of(Role.GATEWAY));
        try (LedgerServer server = LedgerServer.start(gateway)) {
            assertThat(server.awaitReady(TIMEOUT)).isTrue();
        }
    }

    @Test
    void certificatesTellWhoSomebodyIsAsWell(@TempDir Path other) throws Exception {
        try (SecuredKafka byCertificate = SecuredKafka.withCertificates(other, "console", "shop")) {
            allow(byCertificate, "setup,writer", "console", "User:CN=console");
            allow(byCertificate, "evaluator", "shop", "User:CN=shop");
            try (LedgerWriter writer = LedgerWriter.open(as(byCertificate, "console"), TOPICS, TIMEOUT);
                    FlagLedger flags = FlagLedger.connect(FlagLedgerConfig.of(as(byCertificate, "shop"), ENVIRONMENT)
                            .withTopics(TOPICS))) {
                AppendResult.Accepted made = append(writer, Change.FlagCreated.bool("gastown"));
                flags.awaitReady(TIMEOUT);
                assertThat(flags.awaitSequence(made.sequence(), TIMEOUT)).isTrue();
            }
        }
    }

    private void allow(String user, String role) throws IOException {
        allow(kafka, role, user, "User:" + user);
    }

    private void allow(SecuredKafka there, String role, String user, String principal) throws IOException {
        Run run = Run.of(
                Map.of("LEDGER_TOPIC_PREFIX", "secured"),
                "acls",
                "--role",
                role,
                "--principal",
                principal,
                "--apply",
                "--bootstrap",
                there.bootstrapServers(),
                "--kafka-config",
                file(user + "-operator", there.operator()).toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
    }

    private Run ledger(String user, String command) throws IOException {
        return Run.of(
                Map.of(
                        "LEDGER_BOOTSTRAP",
                        kafka.bootstrapServers(),
                        "LEDGER_KAFKA_CONFIG",
                        file(user, kafka.propertiesOf(user)).toString(),
                        "LEDGER_TOPIC_PREFIX",
                        "secured",
                        "LEDGER_PARTITIONS",
                        "2",
                        "LEDGER_ENVIRONMENT",
                        ENVIRONMENT),
                command.split(" "));
    }

    private Path file(String name, Map<String, String> content) throws IOException {
        Properties properties = new Properties();
        properties.putAll(content);
        Path file = folder.resolve(name + ".properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
        return file;
    }

    private KafkaConnection as(String user) {
        return as(kafka, user);
    }

    private static KafkaConnection as(SecuredKafka there, String user) {
        return new KafkaConnection(there.bootstrapServers(), there.propertiesOf(user));
    }

    private @Nullable Throwable refusalOfWriting(String user, String topic) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                as(user).with(Map.of("enable.idempotence", false)),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            return assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> producer.send(new ProducerRecord<>(topic, new byte[] {1}, new byte[] {1}))
                            .get())
                    .actual()
                    .getCause();
        }
    }

    private static AppendResult.Accepted append(LedgerWriter writer, Change change) {
        return (AppendResult.Accepted) writer.append(ENVIRONMENT, Actor.human("dana"), "calm", List.of(change));
    }
}
