package io.flagledger.benchmarks.chaos;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.kafka.AppendOptions;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.KafkaUnavailableException;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Some writers in one process: bootstrap servers, folder, seed, changes, first writer and how many are its arguments. Each
 * goes on where its journal ends, and repeats the command whose outcome is not in there under the same change id.
 */
final class WriterProcess {
    static final String ENVIRONMENT = "gastown-production";
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration APPEND_TIMEOUT = Duration.ofSeconds(8);

    private final KafkaConnection connection;
    private final Path folder;
    private final Commands commands;
    private final int changes;

    private WriterProcess(String[] arguments) {
        this.connection = KafkaConnection.of(arguments[0]);
        this.folder = Path.of(arguments[1]);
        this.commands = new Commands(Long.parseLong(arguments[2]));
        this.changes = Integer.parseInt(arguments[3]);
    }

    public static void main(String[] arguments) throws Exception {
        WriterProcess process = new WriterProcess(arguments);
        int first = Integer.parseInt(arguments[4]);
        int count = Integer.parseInt(arguments[5]);
        process.logTo(logFile(process.folder, first));
        ExecutorService threads = Executors.newFixedThreadPool(count);
        List<Callable<@Nullable Void>> writers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int writer = first + i;
            writers.add(() -> process.write(writer));
        }
        for (Future<@Nullable Void> ended : threads.invokeAll(writers)) {
            ended.get();
        }
        System.exit(0);
    }

    /** What the writers of a process say of themselves. */
    static Path logFile(Path folder, int firstWriter) {
        return folder.resolve("writers-from-" + firstWriter + ".log");
    }

    static String changeId(int writer, int number) {
        return "writer-" + writer + "-change-" + number;
    }

    static Actor actor(int writer) {
        return Actor.service("writer-" + writer);
    }

    private @Nullable Void write(int writer) throws IOException {
        int next = 0;
        String expected = null;
        for (Journal.Line line : Journal.read(folder, writer)) {
            next = line.kind() == Journal.Kind.SENT || line.kind() == Journal.Kind.UNKNOWN
                    ? line.number()
                    : line.number() + 1;
            expected = line.kind() == Journal.Kind.SENT ? line.detail() : line.number() < next ? null : expected;
        }
        Map<String, Long> revisions = new HashMap<>();
        try (Journal journal = Journal.open(folder, writer);
                LedgerWriter ledger = open()) {
            for (int number = next; number < changes; number++) {
                long revision = expected != null
                        ? Long.parseLong(expected)
                        : commands.expectsRevision(writer, number)
                                ? revisions.getOrDefault(
                                        commands.changes(writer, number).get(0).flag(), 1L)
                                : -1;
                expected = null;
                while (!send(ledger, journal, writer, number, revision, revisions)) {
                    // the same again, under the same change id
                }
            }
        }
        return null;
    }

    /** The broker may be away, or there may be no topics yet. */
    private LedgerWriter open() {
        return LedgerWriter.open(connection, LedgerTopics.DEFAULT, PATIENCE);
    }

    private boolean send(
            LedgerWriter ledger, Journal journal, int writer, int number, long revision, Map<String, Long> revisions) {
        AppendOptions options = AppendOptions.DEFAULT
                .withChangeId(changeId(writer, number))
                .withTimeout(APPEND_TIMEOUT)
                .withExpectedRevision(revision < 0 ? null : revision);
        journal.write(Journal.Kind.SENT, number, -1, Long.toString(revision));
        try {
            AppendResult result =
                    ledger.append(ENVIRONMENT, actor(writer), "chaos", commands.changes(writer, number), options);
            if (result instanceof AppendResult.Accepted accepted) {
                journal.write(
                        Journal.Kind.ACCEPTED, number, accepted.sequence(), Boolean.toString(accepted.replayed()));
                accepted.events().forEach(event -> note(revisions, event));
            } else if (result instanceof AppendResult.Refused refused) {
                journal.write(
                        Journal.Kind.REFUSED,
                        number,
                        refused.sequence(),
                        refused.refusal().kind().name());
                refused.since().forEach(event -> note(revisions, event));
            }
            return true;
        } catch (KafkaUnavailableException e) {
            journal.write(Journal.Kind.UNKNOWN, number, -1, String.valueOf(e.getMessage()));
            return false;
        }
    }

    private static void note(Map<String, Long> revisions, Recorded recorded) {
        revisions.put(recorded.event().flag(), recorded.event().revision());
    }

    private void logTo(Path file) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{HH:mm:ss.SSS} [%thread] %msg%n");
        encoder.start();
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setContext(context);
        appender.setFile(file.toString());
        appender.setEncoder(encoder);
        appender.start();
        Logger logger = context.getLogger("io.flagledger.writer");
        logger.setLevel(Level.DEBUG);
        logger.setAdditive(false);
        logger.addAppender(appender);
    }
}
