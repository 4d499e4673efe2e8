package io.flagledger.core.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.abort;

import io.flagledger.core.event.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignedCheckpointTest {
    /** The private and the public key of test 1 of RFC 8032, 7.1. */
    private static final String RFC_SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

    private static final String RFC_PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    private static final SigningKey KEY = SigningKey.fromPem(
            Pem.print("PRIVATE KEY", HexFormat.of().parseHex("302e020100300506032b657004220420" + RFC_SEED)));

    private static final Checkpoint CHECKPOINT = new Checkpoint(
            "gastown-production",
            "2xWm0Q7kTJCyxg9lXbUUVg",
            1042,
            Digest.genesis("a"),
            Digest.genesis("b"),
            Instant.parse("2026-01-31T12:00:00.120Z"),
            Instant.parse("2026-01-31T12:05:00Z"));

    private static final String TEXT = """
            flag-ledger checkpoint v1
            environment: gastown-production
            ledger: 2xWm0Q7kTJCyxg9lXbUUVg
            sequence: 1042
            digest: ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb
            state: 3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d
            ledger-time: 2026-01-31T12:00:00.120Z
            signed-at: 2026-01-31T12:05:00.000Z

            key: %s
            signature: %s
            """;

    @Test
    void theTextIsAsDocumentedAndReadBack() {
        SignedCheckpoint signed = KEY.sign(CHECKPOINT);
        assertThat(signed.text())
                .isEqualTo(TEXT.formatted(
                        KEY.verifyingKey().id(), Base64.getEncoder().encodeToString(signed.signature())));
        SignedCheckpoint read = SignedCheckpoint.parse(signed.text());
        assertThat(read.checkpoint()).isEqualTo(CHECKPOINT);
        assertThat(read.verified(List.of(SigningKey.generate().verifyingKey(), KEY.verifyingKey())))
                .isEqualTo(CHECKPOINT);
    }

    @Test
    void thePublicHalfIsMadeOfThePrivateOne() {
        assertThat(KEY.verifyingKey().toPem())
                .isEqualTo(Pem.print("PUBLIC KEY", HexFormat.of().parseHex("302a300506032b6570032100" + RFC_PUBLIC)));
        SigningKey made = SigningKey.generate();
        assertThat(SigningKey.fromPem(made.toPem()).verifyingKey().id())
                .isEqualTo(made.verifyingKey().id());
        assertThat(VerifyingKey.fromPem(made.verifyingKey().toPem()).id())
                .isEqualTo(made.verifyingKey().id());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            environment: gastown-production | environment: gastown-staging
            2xWm0Q7kTJCyxg9lXbUUVg          | 2xWm0Q7kTJCyxg9lXbUUVh
            sequence: 1042                  | sequence: 104
            digest: ca97                    | digest: ca98
            state: 3e23                     | state: 3e24
            12:00:00.120Z                   | 12:00:00.121Z
            12:05:00.000Z                   | 13:05:00.000Z
            """)
    void anAlteredTextIsNotBelieved(String from, String to) {
        SignedCheckpoint altered =
                SignedCheckpoint.parse(KEY.sign(CHECKPOINT).text().replace(from, to));
        assertThat(altered.checkpoint()).isNotEqualTo(CHECKPOINT);
        assertThatExceptionOfType(UntrustedCheckpointException.class)
                .isThrownBy(() -> altered.verified(List.of(KEY.verifyingKey())))
                .withMessageContaining("forged or was altered");
    }

    @Test
    void anotherKeyIsNamed() {
        SigningKey other = SigningKey.generate();
        assertThatExceptionOfType(UntrustedCheckpointException.class)
                .isThrownBy(() -> KEY.sign(CHECKPOINT).verified(List.of(other.verifyingKey())))
                .withMessageContaining(KEY.verifyingKey().id())
                .withMessageContaining(other.verifyingKey().id());
        SignedCheckpoint underAFalseName = new SignedCheckpoint(
                CHECKPOINT, KEY.verifyingKey().id(), other.sign(CHECKPOINT).signature());
        assertThatExceptionOfType(UntrustedCheckpointException.class)
                .isThrownBy(() -> underAFalseName.verified(List.of(KEY.verifyingKey())))
                .withMessageContaining("forged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n"})
    void anUnsignedCheckpointIsCalledSo(String end) {
        assertThatExceptionOfType(UntrustedCheckpointException.class)
                .isThrownBy(() -> SignedCheckpoint.parse(CheckpointText.of(CHECKPOINT) + end))
                .withMessage("the checkpoint is not signed: it ends with line 8");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            checkpoint v1       | checkpoint v2       | 1  | 'flag-ledger checkpoint v1' is expected
            environment: gas    | environment: Gas    | 2  | no environment can be called
            environment: gas    | environment:gas     | 2  | 'environment: …' is expected
            ledger: 2xWm0       | ledger: 2x m0       | 3  | an id as Kafka makes them
            sequence: 1042      | sequence: 0         | 4  | a number from 1 on is expected but found '0'
            sequence: 1042      | sequence: 01042     | 4  | a number from 1 on
            sequence: 1042      | sequence: 9999999999999999999 | 4 | sequence:
            digest: ca97        | digest: CA97        | 5  | 64 hexadecimal digits, small letters
            state: 3e           | stat: 3e            | 6  | 'state: …' is expected
            00:00.120Z          | 00:00.12Z           | 7  | a time such as
            2026-01-31T12:05    | 2026-02-31T12:05    | 8  | signed-at
            key: ed25519:       | key: rsa:           | 10 | 16 hexadecimal digits
            signature: AAAA     | signature: !        | 11 | signature
            signature: AAAAAAAA | signature: AAAA     | 11 | 64 bytes
            """)
    void aMalformedTextSaysWhereAndWhat(String from, String to, int line, String what) {
        SignedCheckpoint signed =
                new SignedCheckpoint(CHECKPOINT, KEY.verifyingKey().id(), new byte[64]);
        String text = signed.text().replace(from, to);
        assertThatExceptionOfType(MalformedCheckpointException.class)
                .isThrownBy(() -> SignedCheckpoint.parse(text))
                .withMessageStartingWith("line %d: ".formatted(line))
                .withMessageContaining(what);
    }

    @Test
    void nothingMayFollowAndLinesEndAsTheyDo() {
        String text = KEY.sign(CHECKPOINT).text();
        assertThatExceptionOfType(MalformedCheckpointException.class)
                .isThrownBy(() -> SignedCheckpoint.parse(text + "\n"))
                .withMessageStartingWith("line 12: nothing may follow");
        assertThatExceptionOfType(MalformedCheckpointException.class)
                .isThrownBy(() -> SignedCheckpoint.parse(text.substring(0, text.length() - 1)));
        assertThatExceptionOfType(MalformedCheckpointException.class)
                .isThrownBy(() -> SignedCheckpoint.parse(text.replace("\n", "\r\n")))
                .withMessageStartingWith("line 1: it ends in a carriage return");
        assertThatExceptionOfType(MalformedCheckpointException.class).isThrownBy(() -> SignedCheckpoint.parse(""));
    }

    @Test
    void keysNeverShowThemselves() {
        String pem = KEY.toPem();
        String secret = pem.lines().toList().get(1);
        assertThat(KEY.toString()).isEqualTo("the key " + KEY.verifyingKey().id());
        for (String damaged : new String[] {
            secret,
            pem.replace("PRIVATE", "EC PRIVATE"),
            pem.replace("PRIVATE", "ENCRYPTED PRIVATE"),
            pem.replace(secret, secret.substring(0, 30)),
            pem.replace(secret, "MIGH" + secret)
        }) {
            assertThatExceptionOfType(MalformedKeyException.class)
                    .isThrownBy(() -> SigningKey.fromPem(damaged))
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain(secret.substring(20, 30)))
                    .withNoCause();
        }
        assertThatExceptionOfType(MalformedKeyException.class)
                .isThrownBy(() -> VerifyingKey.fromPem(pem))
                .withMessageContaining("private key where the public one is needed")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(secret.substring(20, 30)));
    }

    @Test
    void opensslAgrees(@TempDir Path folder) throws Exception {
        run(folder, "openssl", "genpkey", "-algorithm", "ed25519", "-out", "key.pem");
        run(folder, "openssl", "pkey", "-in", "key.pem", "-pubout", "-out", "public.pem");
        SigningKey key = SigningKey.fromPem(Files.readString(folder.resolve("key.pem")));
        VerifyingKey publicKey = VerifyingKey.fromPem(Files.readString(folder.resolve("public.pem")));
        assertThat(publicKey.id()).isEqualTo(key.verifyingKey().id());

        SignedCheckpoint signed = key.sign(CHECKPOINT);
        Files.writeString(folder.resolve("text"), CheckpointText.of(CHECKPOINT));
        Files.write(folder.resolve("signature"), signed.signature());
        assertThat(run(
                        folder,
                        "openssl",
                        "pkeyutl",
                        "-verify",
                        "-pubin",
                        "-inkey",
                        "public.pem",
                        "-rawin",
                        "-in",
                        "text",
                        "-sigfile",
                        "signature"))
                .contains("Verified Successfully");

        run(folder, "openssl", "pkeyutl", "-sign", "-inkey", "key.pem", "-rawin", "-in", "text", "-out", "theirs");
        SignedCheckpoint theirs =
                new SignedCheckpoint(CHECKPOINT, publicKey.id(), Files.readAllBytes(folder.resolve("theirs")));
        assertThat(SignedCheckpoint.parse(theirs.text()).verified(List.of(publicKey)))
                .isEqualTo(CHECKPOINT);
    }

    private static String run(Path folder, String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(said).isZero();
            return said;
        } catch (IOException e) {
            return abort("no openssl here, so nobody but this program has checked a signature: " + e.getMessage());
        }
    }
}
