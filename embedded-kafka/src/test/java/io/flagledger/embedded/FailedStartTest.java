package io.flagledger.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.metadata.FeatureLevelRecord;
import org.apache.kafka.metadata.bootstrap.BootstrapDirectory;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailedStartTest {
    @TempDir
    Path folder;

    @Test
    void saysThatThePortIsTakenAndTouchesNothing() throws Exception {
        try (Loopback rival = Loopback.bind(0)) {
            Path data = folder.resolve("data");
            assertRefused(data, rival.brokerPort(), "port " + rival.brokerPort() + " on 127.0.0.1", "another port");
            assertThat(data).doesNotExist();
        }
    }

    @Test
    void saysThatTheFolderIsAFile() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertRefused(file, 0, file.toString(), "is not a folder");
    }

    @Test
    void saysThatTheFolderCannotBeWritten() {
        // permission bits do not stop the user that builds run as in a container, but this file system stops everybody
        Path kernel = Path.of("/proc/self");
        assumeTrue(Files.isDirectory(kernel));
        assertRefused(kernel.resolve("data"), 0, "/proc/self/data", "cannot be written to");
    }

    @Test
    void saysThatAnotherBrokerOfThisJvmHasTheFolderAndLeavesItAlone() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(folder.resolve("data")));
        try (EmbeddedKafka first = EmbeddedKafka.start(folder.resolve("data"), 0)) {
            assertRefused(link, 0, first.folder().toString(), "in use by another broker");
            assertRefused(link, 0, first.folder().toString(), "in use by another broker");
            assertThat(new Clients(first.bootstrapServers()).create("still-there"))
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @CsvSource({"metadata.version, 99", "metadata.version, 31", "share.version, 9"})
    void saysThatANewerKafkaHasFormattedTheFolderAndLeavesNothingRunning(String feature, short level) throws Exception {
        DataFolder.open(folder).close();
        raise(feature, level);
        Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());
        assertRefused(folder, 0, folder.toRealPath().toString(), "a newer Kafka", "choose another folder");
        assertNothingRuns(before);
    }

    @Test
    void saysThatHalfOfTheDataIsGoneInPlaceOfStartingAfresh() throws Exception {
        EmbeddedKafka.start(folder, 0).close();
        Files.delete(folder.resolve("topics/meta.properties"));
        assertRefused(folder, 0, folder.toRealPath().toString(), "a part of it is gone");
    }

    @Test
    void formatsAgainWhatWasCutShort() throws Exception {
        DataFolder.open(folder).close();
        Files.delete(folder.resolve("topics/meta.properties"));
        EmbeddedKafka.start(folder, 0).close();
    }

    @Test
    void saysWhatKafkaSaysOfAPropertyThatItDoesNotAccept() {
        assertThatThrownBy(() -> EmbeddedKafka.in(folder)
                        .property("num.io.threads", "many")
                        .start())
                .isInstanceOf(EmbeddedKafkaException.class)
                .hasMessageContaining("num.io.threads");
    }

    private static void assertRefused(Path data, int port, String... words) {
        assertThatThrownBy(() -> EmbeddedKafka.start(data, port))
                .isInstanceOf(EmbeddedKafkaException.class)
                .message()
                .contains(words);
    }

    private static void assertNothingRuns(Set<Thread> butThese) throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            // the metrics library has one pool a JVM, made at first use
            if (!butThese.contains(thread) && !thread.getName().startsWith("metrics-meter-tick")) {
                thread.join(10_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    private void raise(String feature, short level) throws Exception {
        BootstrapDirectory directory =
                new BootstrapDirectory(folder.resolve("metadata").toString());
        List<ApiMessageAndVersion> records = new ArrayList<>();
        for (ApiMessageAndVersion read : directory.read().records()) {
            FeatureLevelRecord changed = ((FeatureLevelRecord) read.message()).duplicate();
            records.add(new ApiMessageAndVersion(
                    changed.name().equals(feature) ? changed.setFeatureLevel(level) : changed, read.version()));
        }
        directory.writeBinaryFile(BootstrapMetadata.fromRecords(records, "a test"));
    }
}
