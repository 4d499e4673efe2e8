package io.flagledger.embedded.junit;

import io.flagledger.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;

/** The broker of all tests of this JVM; JUnit closes it with the root store. */
final class SharedBroker implements AutoCloseable {
    private final @Nullable EmbeddedKafka own;
    private final @Nullable ContainerBroker container;
    private final String bootstrapServers;
    private final Admin admin;

    private SharedBroker(@Nullable EmbeddedKafka own, @Nullable ContainerBroker container, String bootstrapServers) {
        this.own = own;
        this.container = container;
        this.bootstrapServers = bootstrapServers;
        this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    static SharedBroker start() {
        String outside = System.getProperty(KafkaExtension.OUTSIDE);
        if (outside != null) {
            return new SharedBroker(null, null, outside);
        }
        String kind = System.getProperty(KafkaExtension.KIND, "embedded");
        if (kind.equals("container")) {
            ContainerBroker container = ContainerBroker.start();
            return new SharedBroker(null, container, container.bootstrapServers());
        }
        if (!kind.equals("embedded")) {
            throw new IllegalArgumentException(
                    "%s is embedded or container, not %s".formatted(KafkaExtension.KIND, kind));
        }
        try {
            EmbeddedKafka own = EmbeddedKafka.start(Files.createTempDirectory("kafka-for-tests"), 0);
            return new SharedBroker(own, null, own.bootstrapServers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    Admin admin() {
        return admin;
    }

    @Override
    public void close() throws IOException {
        admin.close();
        if (container != null) {
            container.close();
        }
        if (own != null) {
            own.close();
            deleteAll(own.folder());
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path emptied, @Nullable IOException e) throws IOException {
                Files.delete(emptied);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
