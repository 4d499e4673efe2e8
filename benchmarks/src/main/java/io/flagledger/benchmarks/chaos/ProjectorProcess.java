package io.flagledger.benchmarks.chaos;

import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.TopicSetup;
import io.flagledger.projector.Projector;
import io.flagledger.projector.ProjectorConfig;
import java.nio.file.Path;

/** A projector that can be killed, and nothing else of a server. Its arguments: Kafka's address, and the folder of its stores. */
final class ProjectorProcess {
    private ProjectorProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        KafkaConnection connection = KafkaConnection.of(arguments[0]);
        LedgerTopics topics = LedgerTopics.DEFAULT;
        Projector.start(
                new ProjectorConfig(connection, topics, Path.of(arguments[1])),
                TopicSetup.ensure(connection, topics, WriterProcess.PATIENCE));
        Thread.currentThread().join();
    }
}
