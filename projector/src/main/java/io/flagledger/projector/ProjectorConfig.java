package io.flagledger.projector;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.event.Digest;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.LedgerTopics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * How a projector runs.
 *
 * @param stateDirectory where its stores lie; may be deleted while it does not run
 */
public record ProjectorConfig(KafkaConnection connection, LedgerTopics topics, Path stateDirectory) {
    public ProjectorConfig {
        requireNonNull(connection, "connection");
        requireNonNull(topics, "topics");
        requireNonNull(stateDirectory, "stateDirectory");
    }

    /**
     * Names the application after the two topics it stands between, so that stores and positions that were made from
     * another ledger, or for a state topic that is gone, are never taken up: a projector of a new name starts from the
     * first event and fills the new topic. The schema of events is in the name as well, so that a version that can read
     * more starts anew where one that could not had to stop; so does one that was told of a Schema Registry.
     */
    String applicationId(LedgerId ledger) {
        String all = ledger.events() + "/" + ledger.state() + "/" + EventCodec.schemaFingerprint()
                + (connection.readsConfluentFrames() ? "/registry" : "");
        return "flag-ledger-projector-"
                + Digest.of(all.getBytes(StandardCharsets.UTF_8)).toString().substring(0, 12);
    }

    StreamsConfig streams(LedgerId ledger) {
        return new StreamsConfig(connection.with(Map.ofEntries(
                Map.entry(StreamsConfig.APPLICATION_ID_CONFIG, applicationId(ledger)),
                Map.entry(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString()),
                Map.entry(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2),
                // The processor asks for a commit whenever there is output, which is sooner than any interval.
                Map.entry(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000),
                Map.entry(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0),
                Map.entry(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0),
                Map.entry(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest"),
                // The shortest that brokers allow by default: after a kill -9 the next one waits this long.
                Map.entry(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000),
                Map.entry(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_500),
                Map.entry(StreamsConfig.POLL_MS_CONFIG, 10))));
    }
}
