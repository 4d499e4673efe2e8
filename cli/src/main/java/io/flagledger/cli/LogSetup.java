package io.flagledger.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Sets logging up, on the standard error. In code and not in a file, as reading XML would take a tenth of the time that a
 * command has.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {
    /** System property: the level from which on lines are shown; none are where it is unset. */
    static final String LEVEL = "ledger.log";

    /** System property: {@code json} for one object a line; otherwise lines for people. */
    static final String FORMAT = "ledger.log.format";

    static final String JSON = "json";

    /** They warn at each start of what is as it must be here: a new folder, a default, a folder below /tmp. */
    private static final List<String> USUAL = List.of(
            "org.apache.kafka.controller.QuorumController",
            "org.apache.kafka.streams.StreamsConfig",
            "org.apache.kafka.streams.processor.internals.StateDirectory");

    /**
     * After a crash they tell at length, stack traces included, that the projector's stores are restored from Kafka, as
     * exactly-once asks for. A thread that fails is told by the projector itself.
     */
    private static final List<String> AFTER_A_CRASH = List.of(
            "org.apache.kafka.streams.processor.internals.ProcessorStateManager",
            "org.apache.kafka.streams.processor.internals.TaskManager",
            "org.apache.kafka.streams.processor.internals.StreamThread");

    /** Leaves out what Kafka's clients say when their broker goes away on purpose. */
    static void expectFarewell() {
        if (LoggerFactory.getLogger("org.apache.kafka") instanceof Logger logger) {
            logger.setLevel(Level.ERROR);
        }
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Level level = Level.toLevel(System.getProperty(LEVEL), Level.OFF);
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(level);
        if (level != Level.OFF) {
            boolean json = JSON.equals(System.getProperty(FORMAT));
            Encoder<ILoggingEvent> encoder = json ? json() : lines(context);
            encoder.setContext(context);
            encoder.start();
            ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
            appender.setContext(context);
            appender.setTarget("System.err");
            appender.setEncoder(encoder);
            appender.start();
            root.addAppender(appender);
            USUAL.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
            AFTER_A_CRASH.forEach(name -> context.getLogger(name).setLevel(Level.OFF));
            if (json && level.isGreaterOrEqual(Level.INFO)) {
                // Machines read every change that was accepted or refused; people look at the page for that.
                context.getLogger("io.flagledger").setLevel(Level.INFO);
            }
        }
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static Encoder<ILoggingEvent> lines(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%n");
        return encoder;
    }

    private static Encoder<ILoggingEvent> json() {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setWithContext(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        return encoder;
    }
}
