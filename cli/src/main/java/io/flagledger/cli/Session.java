package io.flagledger.cli;

import static io.flagledger.core.kafka.LedgerTopics.DEFAULT_PARTITIONS;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Names;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a command is told from outside: the global options, the variables behind them, and where its answer goes. */
final class Session {
    static final String DEFAULT_BOOTSTRAP = "localhost:9092";
    static final String DEFAULT_ENVIRONMENT = "gastown-production";
    static final String DEFAULT_TOPIC_PREFIX = "flag-ledger";
    private static final String SERVICE = "service:";

    private final GlobalOptions options;
    private final Function<String, @Nullable String> variables;
    private final Terminal terminal;
    private final PrintWriter out;
    private final PrintWriter err;

    Session(
            GlobalOptions options,
            Function<String, @Nullable String> variables,
            Terminal terminal,
            PrintWriter out,
            PrintWriter err) {
        this.options = options;
        this.variables = variables;
        this.terminal = terminal;
        this.out = out;
        this.err = err;
    }

    GlobalOptions options() {
        return options;
    }

    Terminal terminal() {
        return terminal;
    }

    PrintWriter out() {
        return out;
    }

    PrintWriter err() {
        return err;
    }

    boolean wantsJson() {
        return options.output == GlobalOptions.Output.JSON;
    }

    boolean wantsStackTraces() {
        return options.debug || variable("LEDGER_DEBUG") != null;
    }

    void print(JsonNode json) {
        out.println(LedgerJson.printPretty(json));
    }

    void print(Table table) {
        table.lines(terminal).forEach(out::println);
    }

    String environment() {
        String name = firstOf(options.environment, variable("LEDGER_ENVIRONMENT"), DEFAULT_ENVIRONMENT);
        if (!Names.isEnvironment(name)) {
            throw Complaint.usage("an environment can't be called '%s': its name must match %s"
                    .formatted(Text.oneLine(name), Names.ENVIRONMENT_FORM));
        }
        return name;
    }

    LedgerTopics topics() {
        return LedgerTopics.withPrefix(
                        firstOf(options.topicPrefix, variable("LEDGER_TOPIC_PREFIX"), DEFAULT_TOPIC_PREFIX))
                .withPartitions(partitions());
    }

    private int partitions() {
        String said = firstOf(options.partitions, variable("LEDGER_PARTITIONS"), String.valueOf(DEFAULT_PARTITIONS));
        int partitions;
        try {
            partitions = Integer.parseInt(said);
        } catch (NumberFormatException e) {
            throw Complaint.usage("--partitions is a number, not '%s'".formatted(Text.oneLine(said)));
        }
        if (partitions < 1) {
            throw Complaint.usage("a topic has at least one partition, not %d (--partitions)".formatted(partitions));
        }
        return partitions;
    }

    KafkaConnection connection() {
        Map<String, String> properties = kafkaConfig();
        String bootstrap = firstOf(
                options.bootstrap,
                variable("LEDGER_BOOTSTRAP"),
                requireNonNullElse(properties.get("bootstrap.servers"), DEFAULT_BOOTSTRAP));
        try {
            return new KafkaConnection(bootstrap, properties);
        } catch (IllegalArgumentException e) {
            throw Complaint.usage(
                    "the Kafka settings in %s can't be used: %s".formatted(kafkaConfigFile(), e.getMessage()));
        }
    }

    Actor actor() {
        String actor = firstOf(options.actor, variable("LEDGER_ACTOR"), System.getProperty("user.name", ""));
        return actor(actor);
    }

    /** A person, or a program that is written as {@code service:NAME}. */
    static Actor actor(String actor) {
        return actor.startsWith(SERVICE) ? Actor.service(actor.substring(SERVICE.length())) : Actor.human(actor);
    }

    /** Why a change is made. Asks where there is somebody to ask. */
    String reason() {
        String reason = options.reason;
        if (reason == null) {
            reason = terminal.ask().apply("Why? ");
        }
        if (reason == null || reason.isBlank()) {
            throw Complaint.usage("every change needs a reason: say why with --reason \"…\"");
        }
        return reason;
    }

    private Map<String, String> kafkaConfig() {
        Map<String, String> read = new HashMap<>();
        Path config = kafkaConfigFile();
        if (config != null) {
            Properties properties = new Properties();
            try (Reader file = Files.newBufferedReader(config)) {
                properties.load(file);
            } catch (IOException | IllegalArgumentException e) {
                throw Complaint.usage("the Kafka settings in %s can't be read: %s"
                        .formatted(
                                config, e instanceof NoSuchFileException ? "there is no such file" : e.getMessage()));
            }
            properties.stringPropertyNames().forEach(name -> read.put(name, properties.getProperty(name)));
        }
        return read;
    }

    private @Nullable Path kafkaConfigFile() {
        String variable = variable("LEDGER_KAFKA_CONFIG");
        return options.kafkaConfig != null || variable == null ? options.kafkaConfig : Path.of(variable);
    }

    @Nullable
    String variable(String name) {
        String value = variables.apply(name);
        return value == null || value.isEmpty() ? null : value;
    }

    private static String firstOf(@Nullable String option, @Nullable String variable, String otherwise) {
        return requireNonNullElse(option, requireNonNullElse(variable, otherwise));
    }
}
