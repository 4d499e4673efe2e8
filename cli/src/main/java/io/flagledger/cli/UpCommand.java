package io.flagledger.cli;

import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerReader;
import io.flagledger.core.kafka.LedgerWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "up",
        description = {
            "Start everything on this machine: Kafka, the projector, the server and the console. Ctrl-C stops it.",
            "What happens is kept in a folder, and is there again the next time."
        })
final class UpCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Session session;

    @Mixin
    @SuppressWarnings("UnusedVariable") // Main looks at the arguments before anybody has read them
    private final LogOption logs = new LogOption();

    @Option(names = "--data", paramLabel = "DIR", description = "where everything is kept (./.ledger)")
    private Path data = Path.of(".ledger");

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "of the console and the API (8080); 0 takes a free one")
    private int httpPort = 8080;

    @Option(names = "--kafka-port", paramLabel = "PORT", description = "of Kafka (9092); 0 takes a free one")
    private int kafkaPort = 9092;

    @Option(
            names = "--grpc-port",
            paramLabel = "PORT",
            description = "for flagd providers in other languages (8015); 0 takes a free one")
    private int grpcPort = 8015;

    @Option(names = "--demo", description = "play the Gastown story into an environment that is empty")
    private boolean demo;

    UpCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        requirePort("--http-port", httpPort);
        requirePort("--kafka-port", kafkaPort);
        requirePort("--grpc-port", grpcPort);
        if (session.options().bootstrap != null) {
            throw Complaint.usage("`up` starts a Kafka of its own, so it takes no --bootstrap");
        }
        LocalLedger.Settings settings = new LocalLedger.Settings(
                data.toAbsolutePath().normalize(),
                kafkaPort,
                httpPort,
                grpcPort,
                session.environment(),
                session.actor().id(),
                session.topics(),
                session.connection().properties());
        session.out().println("Starting in " + settings.folder() + " …");
        CountDownLatch stopped = new CountDownLatch(1);
        LocalLedger ledger = LocalLedger.start(settings, connection -> {
            if (demo) {
                session.out().println(play(settings, connection));
            }
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(ledger, stopped), "ledger-stop"));
        if (!ledger.awaitReady(PATIENCE)) {
            session.err().println("the server is up but not ready yet; " + ledger.console() + "readyz tells when");
        }
        greet(settings, ledger);
        stopped.await();
        return Exit.DONE;
    }

    private static void requirePort(String option, int port) {
        if (port < 0 || port > 65_535) {
            throw Complaint.usage("%s is a number from 0 to 65535, not %d".formatted(option, port));
        }
    }

    /** Plays the demo where there is nothing yet, and tells what came of it. */
    static String play(LocalLedger.Settings settings, KafkaConnection connection) {
        try (LedgerWriter writer = LedgerWriter.open(connection, settings.topics(), PATIENCE)) {
            long events = new LedgerReader(connection, settings.topics(), PATIENCE)
                    .read(settings.environment(), event -> {})
                    .sequence();
            return events > 0
                    ? "%s has a history of %s already, so the demo leaves it alone."
                            .formatted(settings.environment(), Text.count(events, "event"))
                    : "The Gastown story is played into %s: %s."
                            .formatted(
                                    settings.environment(),
                                    Text.count(new DemoStory(writer, settings.environment()).play(), "event"));
        }
    }

    private void greet(LocalLedger.Settings settings, LocalLedger ledger) {
        Terminal terminal = session.terminal();
        Path auth = LocalLedger.authFolder(settings);
        String kafka = ledger.connection().bootstrapServers();
        String program = System.getProperty("ledger.program", "ledger");
        String where = (kafkaPort == 9092 ? "" : " --bootstrap " + kafka)
                + (settings.environment().equals(Session.DEFAULT_ENVIRONMENT) ? "" : " -e " + settings.environment());
        session.out().println(terminal.bold("Flag Ledger is up."));
        Sheet sheet = new Sheet(session);
        // in one line however long it is, or it could not be clicked
        session.out()
                .println("  console      http://localhost:%d/#token=%s".formatted(ledger.httpPort(), ledger.token()));
        sheet.line("Kafka", kafka);
        sheet.line("flagd", ledger.flagd());
        sheet.line("data", settings.folder().toString());
        sheet.line("environment", settings.environment());
        sheet.line(
                "API",
                "curl -H \"Authorization: Bearer $(cat %s)\" http://localhost:%d/api/v1/me"
                        .formatted(auth.resolve("token"), ledger.httpPort()));
        session.out().println("Try in another terminal:");
        for (String command : demo
                ? new String[] {"flag list", "history gastown", "evaluate gastown --user ada --org acme"}
                : new String[] {"flag create my-feature --reason \"try it out\"", "flag list"}) {
            session.out().println("  %s %s%s".formatted(program, command, where));
        }
        session.out().println("Ctrl-C stops it; the data stays.");
    }

    private void stop(LocalLedger ledger, CountDownLatch stopped) {
        session.out().println("Stopping …");
        LogSetup.expectFarewell();
        ledger.close();
        stopped.countDown();
    }
}
