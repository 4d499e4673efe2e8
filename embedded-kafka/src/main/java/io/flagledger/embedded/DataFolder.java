package io.flagledger.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.bootstrap.BootstrapDirectory;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * The folder of one broker, held against all others until closed: {@code metadata} is the controller's log,
 * {@code topics} everybody else's.
 *
 * <p>They are two because Kafka locks a metadata folder of its own before it touches the log in it, but a shared one only after.
 */
final class DataFolder implements AutoCloseable {
    private final Path path;
    private final FolderLock lock;

    private DataFolder(Path path, FolderLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Creates what is missing, takes the lock, and formats a folder that no broker has lived in. */
    static DataFolder open(Path chosen) {
        Path path = writable(chosen);
        DataFolder folder = new DataFolder(path, FolderLock.take(path));
        try {
            folder.formatIfNew();
            return folder;
        } catch (Exception e) {
            folder.close();
            throw e instanceof EmbeddedKafkaException known
                    ? known
                    : new EmbeddedKafkaException("cannot prepare the folder " + path + ": " + e.getMessage(), e);
        }
    }

    Path path() {
        return path;
    }

    Path metadata() {
        return path.resolve("metadata");
    }

    Path topics() {
        return path.resolve("topics");
    }

    @Override
    public void close() {
        lock.close();
    }

    private static Path writable(Path chosen) {
        Path path = chosen.toAbsolutePath();
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new EmbeddedKafkaException(path + " is not a folder: choose another one for the broker's data", null);
        }
        try {
            Path created = Files.createDirectories(path).toRealPath();
            // asked by doing, as permission bits say nothing about a read-only file system or an all-powerful user
            Files.delete(Files.createTempFile(created, "writable", ".probe"));
            return created;
        } catch (IOException e) {
            throw new EmbeddedKafkaException(
                    "the folder " + path + " cannot be written to (" + e
                            + "): make it writable by this user, or choose another one for the broker's data",
                    e);
        }
    }

    private void formatIfNew() throws Exception {
        if (isFormatted(metadata()) && isFormatted(topics())) {
            return;
        }
        if (hasFolders(metadata()) || hasFolders(topics())) {
            throw new EmbeddedKafkaException(
                    "the folder " + path + " is the data of a broker, but a part of it is gone: "
                            + "restore it from a backup, or choose an empty folder",
                    null);
        }
        // what a formatting that was cut short has left behind
        for (Path part : new Path[] {metadata(), topics()}) {
            Files.deleteIfExists(part.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME));
            Files.deleteIfExists(part.resolve(BootstrapDirectory.BINARY_BOOTSTRAP_FILENAME));
        }
        new Formatter()
                .setNodeId(BrokerSettings.NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .addDirectory(metadata().toString())
                .addDirectory(topics().toString())
                .setMetadataLogDirectory(metadata().toString())
                .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .run();
    }

    private static boolean isFormatted(Path part) {
        return Files.exists(part.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME));
    }

    private static boolean hasFolders(Path part) throws IOException {
        if (!Files.isDirectory(part)) {
            return false;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(part, Files::isDirectory)) {
            return folders.iterator().hasNext();
        }
    }
}
