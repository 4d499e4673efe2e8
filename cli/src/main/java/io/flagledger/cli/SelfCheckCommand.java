package io.flagledger.cli;

import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** Runs everything once. The start script does so after a build, and has the JVM write down which classes that took. */
@Command(
        name = "self-check",
        hidden = true,
        description = "Start everything in a temporary folder, use it, and stop it.")
final class SelfCheckCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String[][] COMMANDS = {
        {"version"},
        {"stage", "--help"},
        {"flag", "list"},
        {"flag", "show", "gastown", "-o", "json"},
        {"flag", "show", "gastown"},
        {"allow", "gastown.molecules", "--user", "ada@acme", "--reason", "self-check"},
        {"evaluate", "gastown.convoys", "--user", "ada", "--org", "acme"},
        {"history", "gastown"},
        {"timeline", "gastown.convoys", "--user", "ada", "--org", "acme"},
        {"audit", "--since", "1h"},
        {"at", "1"},
        {"diff", "1", "now"}
    };

    private final Session session;

    SelfCheckCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("ledger-self-check");
        try {
            LocalLedger.Settings settings = new LocalLedger.Settings(
                    folder, 0, 0, 0, session.environment(), "self-check", LedgerTopics.DEFAULT, Map.of());
            try (LocalLedger ledger = LocalLedger.start(settings, connection -> play(settings, connection))) {
                return ledger.awaitReady(PATIENCE) ? use(ledger) : Exit.UNREACHABLE;
            }
        } finally {
            deleteAll(folder);
        }
    }

    private int use(LocalLedger ledger) throws IOException {
        for (String path : new String[] {"", "api/v1/environments/" + session.environment() + "/flags"}) {
            URLConnection asked = URI.create(ledger.console() + path).toURL().openConnection();
            asked.setRequestProperty("Authorization", "Bearer " + ledger.token());
            try (InputStream page = asked.getInputStream()) {
                page.readAllBytes();
            }
        }
        int worst = Exit.DONE;
        for (String[] command : COMMANDS) {
            StringWriter said = new StringWriter();
            PrintWriter out = new PrintWriter(said);
            int status = Program.of(
                            Terminal.none(),
                            name -> "LEDGER_BOOTSTRAP".equals(name)
                                    ? ledger.connection().bootstrapServers()
                                    : null,
                            out,
                            out)
                    .execute(command);
            if (status != Exit.DONE) {
                session.err().println("`ledger %s` gave %d: %s".formatted(String.join(" ", command), status, said));
                worst = status;
            }
        }
        return worst;
    }

    private static void play(LocalLedger.Settings settings, KafkaConnection connection) {
        try (LedgerWriter writer = LedgerWriter.open(connection, settings.topics(), PATIENCE)) {
            new DemoStory(writer, settings.environment()).play();
        }
    }

    private static void deleteAll(Path folder) {
        try {
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
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
