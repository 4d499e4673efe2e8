package io.flagledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.proof.Checkpoint;
import io.flagledger.core.proof.SignedCheckpoint;
import io.flagledger.core.proof.SigningKey;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code ledger verify} and {@code ledger checkpoint} on a real log. */
@ExtendWith(KafkaExtension.class)
class ProofTest {
    private final KafkaForTest kafka;
    private final Map<String, String> variables;

    @TempDir
    private Path folder;

    ProofTest(KafkaForTest kafka) {
        this.kafka = kafka;
        this.variables = new HashMap<>(Map.of(
                "LEDGER_BOOTSTRAP",
                kafka.bootstrapServers(),
                "LEDGER_TOPIC_PREFIX",
                kafka.topicPrefix() + "ledger",
                "LEDGER_ENVIRONMENT",
                "test",
                "LEDGER_ACTOR",
                "dana"));
    }

    @Test
    void aLedgerIsProvenHeldToItsCheckpointAndFoundBroken() throws Exception {
        done("flag", "create", "gastown", "--reason", "r");
        done("kill", "gastown", "--reason", "r");
        assertThat(done("verify")).contains("test is sound: 2 events", "digest", "state digest", "none: whether");

        assertThat(done("checkpoint", "--new-key", file("key"))).contains("keep it from", "ed25519:");
        String text = done("checkpoint", "--key", file("key"));
        assertThat(text)
                .startsWith("flag-ledger checkpoint v1\nenvironment: test\n")
                .contains("\nsequence: 2\n");
        Files.writeString(folder.resolve("checkpoint"), text);
        done("release", "gastown", "--reason", "r");

        JsonNode sound = LedgerJson.parse(
                done("verify", "--checkpoint", file("checkpoint"), "--public-key", file("key.pub"), "-o", "json"));
        assertThat(sound.get("sound").booleanValue()).isTrue();
        assertThat(sound.get("sequence").intValue()).isEqualTo(3);
        assertThat(sound.at("/checkpoints/0/sequence").intValue()).isEqualTo(2);
        assertThat(done("verify", "--checkpoint", file("checkpoint"), "--public-key", file("key.pub")))
                .contains("agrees at 2");

        SigningKey key = SigningKey.fromPem(Files.readString(folder.resolve("key")));
        Checkpoint seen = SignedCheckpoint.parse(text).checkpoint();
        Checkpoint longer = new Checkpoint(
                seen.environment(),
                seen.ledgerId(),
                7,
                seen.digest(),
                seen.stateDigest(),
                seen.ledgerTime(),
                seen.signedAt());
        Files.writeString(folder.resolve("longer"), key.sign(longer).text());
        Run truncated = run("verify", "--checkpoint", file("longer"), "--public-key", file("key.pub"));
        assertThat(truncated.status()).isEqualTo(4);
        assertThat(truncated.out()).isEmpty();
        assertThat(truncated.err()).contains("test is not sound: first bad position 4", "TRUNCATED", "event 7");

        delete(2);
        Run broken = run("verify", "-o", "json");
        assertThat(broken.status()).isEqualTo(4);
        assertThat(broken.err()).contains("first bad position 2", "TOMBSTONE", "at offset");
        assertThat(LedgerJson.parse(broken.out()).at("/flaw/kind").textValue()).isEqualTo("TOMBSTONE");
        Run unsigned = run("checkpoint", "--key", file("key"));
        assertThat(unsigned.status()).as("what is not sound is not signed").isEqualTo(4);
        assertThat(unsigned.out()).isEmpty();
    }

    @Test
    void aCheckpointThatProvesNothing() throws Exception {
        done("flag", "create", "gastown", "--reason", "r");
        done("checkpoint", "--new-key", file("key"));
        done("checkpoint", "--new-key", file("other"));
        String text = done("checkpoint", "--key", file("key"));
        Files.writeString(folder.resolve("good"), text);
        Files.writeString(folder.resolve("forged"), text.replace("sequence: 1\n", "sequence: 2\n"));
        Files.writeString(folder.resolve("unsigned"), text.substring(0, text.indexOf("\n\n") + 1));
        Files.writeString(folder.resolve("malformed"), text.replace("sequence", "sequenz"));

        assertFails(
                4, "forged or was altered", "verify", "--checkpoint", file("forged"), "--public-key", file("key.pub"));
        assertFails(4, "is not signed", "verify", "--checkpoint", file("unsigned"), "--public-key", file("key.pub"));
        assertFails(
                4, "the key to trust is", "verify", "--checkpoint", file("good"), "--public-key", file("other.pub"));
        assertFails(2, "line 4: ", "verify", "--checkpoint", file("malformed"), "--public-key", file("key.pub"));
        assertFails(2, "no such file", "verify", "--checkpoint", file("none"), "--public-key", file("key.pub"));
        assertFails(2, "needs --public-key", "verify", "--checkpoint", file("good"));
        assertFails(2, "go with --checkpoint", "verify", "--copy");
        assertFails(2, "the public one is needed", "verify", "--checkpoint", file("good"), "--public-key", file("key"));
        assertFails(
                4,
                "FOREIGN_CHECKPOINT",
                "verify",
                "-e",
                "another",
                "--checkpoint",
                file("good"),
                "--public-key",
                file("key.pub"));
    }

    @Test
    void keys() throws Exception {
        done("flag", "create", "gastown", "--reason", "r");
        done("checkpoint", "--new-key", file("key"));
        String pem = Files.readString(folder.resolve("key"));
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("key"))))
                    .isEqualTo("rw-------");
        }
        assertFails(1, "never overwritten", "checkpoint", "--new-key", file("key"));
        Files.delete(folder.resolve("key"));
        assertFails(1, "key.pub is there already", "checkpoint", "--new-key", file("key"));
        assertThat(folder.resolve("key")).doesNotExist();

        assertFails(2, "--new-key FILE", "checkpoint");
        variables.put("LEDGER_CHECKPOINT_KEY", pem);
        assertThat(done("checkpoint")).startsWith("flag-ledger checkpoint v1\n");
        assertFails(2, "no other form", "checkpoint", "-o", "json");
        assertFails(1, "nothing to sign", "checkpoint", "-e", "another");

        String secret = pem.lines().toList().get(1);
        variables.put("LEDGER_CHECKPOINT_KEY", secret);
        Run refused = run("checkpoint", "--debug");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("LEDGER_CHECKPOINT_KEY").doesNotContain(secret.substring(20, 40));
    }

    @Test
    void whereThereIsNoLedgerNothingIsProven() {
        assertFails(1, "there is no ledger", "verify");
        assertFails(3, "no Kafka answers", "verify", "--bootstrap", "localhost:1");
    }

    private void delete(long sequence) {
        LedgerTopics topics = LedgerTopics.withPrefix(kafka.topicPrefix() + "ledger");
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                KafkaConnection.of(kafka.bootstrapServers()).with(Map.of()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            assertThat(producer.send(new ProducerRecord<>(
                            topics.events(), topics.partitionOf("test"), EventCodec.key("test", sequence), null)))
                    .succeedsWithin(Duration.ofSeconds(10));
        }
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private void assertFails(int status, String message, String... command) {
        Run run = run(command);
        assertThat(run.err()).as(String.join(" ", command)).contains(message);
        assertThat(run.status()).as(run.err()).isEqualTo(status);
    }

    private String done(String... command) {
        Run run = run(command);
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        return run.out();
    }

    private Run run(String... command) {
        return Run.of(variables, command);
    }
}
