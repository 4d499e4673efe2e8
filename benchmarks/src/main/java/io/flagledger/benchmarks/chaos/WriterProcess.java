package io.flagledger.benchmarks.chaos;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.kafka.AppendOptions;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.KafkaUnavailableException;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Some {@linkplain JournaledWriter writers} in one process: bootstrap servers, folder, seed, changes, first writer and how
 * many are its arguments, and how many milliseconds each lets pass from command to command, if any.
 */
final class WriterProcess {
    static final String ENVIRONMENT = "gastown-production";
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration APPEND_TIMEOUT = Duration.ofSeconds(8);

    private WriterProcess() {}

    public static void main(String[] arguments) throws Exception {
        KafkaConnection connection = KafkaConnection.of(arguments[0]);
        Path folder = Path.of(arguments[1]);
        Commands commands = new Commands(Long.parseLong(arguments[2]));
        int changes = Integer.parseInt(arguments[3]);
        int first = Integer.parseInt(arguments[4]);
        int count = Integer.parseInt(arguments[5]);
        long paceNanos = arguments.length > 6 ? Long.parseLong(arguments[6]) * 1_000_000 : 0;
        logTo(logFile(folder, first));
        JournaledWriter.all(first, count, writer -> {
            // the broker may be away, or there may be no topics yet
            try (LedgerWriter ledger = LedgerWriter.open(connection, LedgerTopics.DEFAULT, PATIENCE)) {
                new JournaledWriter(folder, writer, commands, changes, paceNanos)
                        .write((changeId, what, expected) -> append(ledger, writer, changeId, what, expected));
            }
        });
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

    private static JournaledWriter.Outcome append(
            LedgerWriter ledger, int writer, String changeId, List<Change> changes, @Nullable Long expectedRevision)
            throws JournaledWriter.UnknownOutcomeException {
        AppendOptions options = AppendOptions.DEFAULT
                .withChangeId(changeId)
                .withTimeout(APPEND_TIMEOUT)
                .withExpectedRevision(expectedRevision);
        try {
            AppendResult result = ledger.append(ENVIRONMENT, actor(writer), "chaos", changes, options);
            if (result instanceof AppendResult.Refused refused) {
                return new JournaledWriter.Outcome(
                        false, refused.sequence(), refused.refusal().kind().name(), revisions(refused.since()));
            }
            AppendResult.Accepted accepted = (AppendResult.Accepted) result;
            return new JournaledWriter.Outcome(
                    true, accepted.sequence(), Boolean.toString(accepted.replayed()), revisions(accepted.events()));
        } catch (KafkaUnavailableException e) {
            throw new JournaledWriter.UnknownOutcomeException(e.getMessage(), e);
        }
    }

    private static Map<String, Long> revisions(List<Recorded> events) {
        Map<String, Long> revisions = new HashMap<>();
        events.forEach(
                event -> revisions.put(event.event().flag(), event.event().revision()));
        return revisions;
    }

    /** Keeps in a file what the writers of this process say of themselves. */
    static void logTo(Path file) {
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
