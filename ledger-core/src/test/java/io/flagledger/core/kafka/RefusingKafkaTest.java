package io.flagledger.core.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A Kafka that knows whom it lets do what. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusingKafkaTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final EmbeddedKafka kafka;
    private final KafkaConnection connection;

    RefusingKafkaTest(@TempDir Path folder) {
        kafka = EmbeddedKafka.in(folder)
                .property("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .property("allow.everyone.if.no.acl.found", "true")
                .start();
        connection = KafkaConnection.of(kafka.bootstrapServers());
    }

    @AfterAll
    void stop() {
        kafka.close();
    }

    @Test
    void whoMayNotWriteIsToldSoAtOnceAndMayTryAgainOnceHeMay() throws Exception {
        LedgerTopics topics = LedgerTopics.withPrefix("closed");
        try (LedgerWriter writer = LedgerWriter.open(connection, topics, TIMEOUT);
                Admin admin = Admin.create(connection.with(Map.of()))) {
            append(writer, "gastown");
            List<AclBinding> denied = List.of(
                    binding(topics.events(), AclOperation.WRITE, AclPermissionType.DENY),
                    binding(topics.events(), AclOperation.ALL, AclPermissionType.ALLOW));
            admin.createAcls(denied).all().get();

            assertThatExceptionOfType(KafkaUnavailableException.class)
                    .isThrownBy(() -> append(writer, "hooks"))
                    .withMessageStartingWith("could not append to gastown-test: Kafka refuses and will again; last: ")
                    .withRootCauseInstanceOf(AuthorizationException.class);

            admin.deleteAcls(denied.stream().map(AclBinding::toFilter).toList())
                    .all()
                    .get();
            assertThat(((AppendResult.Accepted) append(writer, "hooks")).sequence())
                    .isEqualTo(2);
        }
    }

    @Test
    void whoIsNotKnownIsToldSoAtOnce() {
        LedgerTopics topics = LedgerTopics.withPrefix("unknown");
        KafkaConnection withPassword = new KafkaConnection(
                kafka.bootstrapServers(),
                Map.of(
                        "security.protocol",
                        "SASL_PLAINTEXT",
                        "sasl.mechanism",
                        "PLAIN",
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"dana\" password=\"secret\";"));
        assertThatExceptionOfType(KafkaUnavailableException.class)
                .isThrownBy(() -> LedgerWriter.open(withPassword, topics, TIMEOUT))
                .withMessageContaining("Kafka refuses and will again; last: ")
                .withMessageNotContaining("secret")
                .withCauseInstanceOf(AuthenticationException.class);
    }

    private static AclBinding binding(String topic, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
    }

    private static AppendResult append(LedgerWriter by, String flag) {
        return by.append("gastown-test", Actor.human("dana"), "calm", List.of(FlagCreated.bool(flag)));
    }
}
