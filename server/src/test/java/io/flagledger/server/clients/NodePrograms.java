package io.flagledger.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The programs of {@code examples/clients}, with the packages that they need. */
final class NodePrograms {
    private static final Path FOLDER =
            Path.of("../examples/clients").toAbsolutePath().normalize();
    private static final int OLDEST_NODE = 20;

    private NodePrograms() {}

    /** Skips, and loudly, where there is no Node; but fails in CI. */
    static void require() {
        String missing = missing();
        if (!missing.isEmpty()) {
            assertThat(System.getenv("CI"))
                    .as("CI tests what runs on Node: %s", missing)
                    .isNull();
            System.err.println("*** WHAT RUNS ON NODE IS NOT TESTED: " + missing + " ***");
            Assumptions.abort(missing);
        }
    }

    private static String missing() {
        try {
            Process node = new ProcessBuilder("node", "--version").start();
            String version = new String(node.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            int major =
                    Integer.parseInt(version.replaceFirst("v(\\d+)\\..*", "$1").strip());
            return major >= OLDEST_NODE ? "" : "node %s is older than %d".formatted(version.strip(), OLDEST_NODE);
        } catch (IOException | NumberFormatException e) {
            return "there is no node %d or newer (Debian: apt-get install nodejs npm)".formatted(OLDEST_NODE);
        }
    }

    /** Where the programs lie, their packages with them; installed where they are not those of the lock file. */
    static Path folder() throws IOException, InterruptedException {
        install(FOLDER);
        return FOLDER;
    }

    /** Puts into a folder the packages of its lock file, unless they are there. */
    static void install(Path folder) throws IOException, InterruptedException {
        Path lockFile = folder.resolve("package-lock.json");
        Path installed = folder.resolve("node_modules/.installed-lock.json");
        try (FileChannel channel =
                        FileChannel.open(folder.resolve(".npmrc"), StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            if (!Files.exists(installed)
                    || !Arrays.equals(Files.readAllBytes(installed), Files.readAllBytes(lockFile))) {
                Process npm = new ProcessBuilder("npm", "ci", "--prefer-offline")
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                        .start();
                assertThat(npm.waitFor(3, TimeUnit.MINUTES)).as("npm ci ends").isTrue();
                assertThat(npm.exitValue()).as("npm ci in %s", folder).isZero();
                Files.copy(lockFile, installed);
            }
        }
    }
}
