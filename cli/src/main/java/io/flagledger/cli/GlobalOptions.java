package io.flagledger.cli;

import io.flagledger.core.kafka.LedgerTopics;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What can be said with every command. */
final class GlobalOptions {
    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            scope = ScopeType.INHERIT,
            description = "where Kafka is, several joined by commas (LEDGER_BOOTSTRAP; otherwise "
                    + Session.DEFAULT_BOOTSTRAP + ")")
    @Nullable
    String bootstrap;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "a Java properties file with any Kafka client setting, such as those of a secured cluster, and with those"
                            + " of a Schema Registry (LEDGER_KAFKA_CONFIG)")
    @Nullable
    Path kafkaConfig;

    @Option(
            names = "--topic-prefix",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "the ledger's topics are NAME.events and NAME.state (LEDGER_TOPIC_PREFIX; otherwise "
                    + Session.DEFAULT_TOPIC_PREFIX + ")")
    @Nullable
    String topicPrefix;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            scope = ScopeType.INHERIT,
            description = "how many partitions each of the two topics has (LEDGER_PARTITIONS; otherwise "
                    + LedgerTopics.DEFAULT_PARTITIONS + ")")
    @Nullable
    String partitions;

    @Option(
            names = {"-e", "--environment"},
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "the environment (LEDGER_ENVIRONMENT; otherwise " + Session.DEFAULT_ENVIRONMENT + ")")
    @Nullable
    String environment;

    @Option(
            names = "--as",
            paramLabel = "ACTOR",
            scope = ScopeType.INHERIT,
            description = "who makes the change: a person, or service:NAME for a program (LEDGER_ACTOR; otherwise you)")
    @Nullable
    String actor;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            scope = ScopeType.INHERIT,
            description = "why the change is made; asked for on a terminal")
    @Nullable
    String reason;

    @Option(
            names = "--expect-revision",
            paramLabel = "N",
            scope = ScopeType.INHERIT,
            description = "refuse the change if the flag is at another revision")
    @Nullable
    Long expectRevision;

    @Option(
            names = "--change-id",
            paramLabel = "ID",
            scope = ScopeType.INHERIT,
            description = "a name for the change, under which it happens once however often it is sent")
    @Nullable
    String changeId;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json",
            scope = ScopeType.INHERIT,
            converter = Choices.OutputChoice.class,
            completionCandidates = Choices.Outputs.class,
            description = "how to print")
    @Nullable
    Output output;

    @Option(names = "--debug", scope = ScopeType.INHERIT, hidden = true, description = "show stack traces")
    boolean debug;

    enum Output {
        TABLE,
        JSON
    }
}
