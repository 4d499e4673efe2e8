package io.flagledger.projector;

import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.UndecodableException;
import io.flagledger.core.codec.WireSchema;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.TopicFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the state topic says by now, whoever wrote it. */
@FunctionalInterface
interface PublishedHeads {

    /** The last head of each environment in a partition. */
    Map<String, Head> in(int partition);

    static PublishedHeads of(KafkaConnection connection, LedgerTopics topics, LedgerId ledger) {
        return partition -> new Reader(connection, new TopicPartition(topics.state(), partition), ledger).read();
    }

    /** Reads one partition of the state topic to its end. */
    final class Reader {
        private static final Logger log = LoggerFactory.getLogger("io.flagledger.projector");
        private static final Duration PATIENCE = Duration.ofSeconds(30);
        private static final Duration POLL = Duration.ofMillis(100);

        private final KafkaConnection connection;
        private final TopicPartition partition;
        private final TopicFormat format;
        private final LedgerId ledger;
        private final Map<String, Head> heads = new HashMap<>();

        Reader(KafkaConnection connection, TopicPartition partition, LedgerId ledger) {
            this.connection = connection;
            this.partition = partition;
            this.format = connection.format(partition.topic(), WireSchema.STATE);
            this.ledger = ledger;
        }

        Map<String, Head> read() {
            try (KafkaConsumer<byte[], byte[]> consumer = connection.consumer(PATIENCE)) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
                while (consumer.position(partition) < end) {
                    consumer.poll(POLL).forEach(this::take);
                }
            }
            return heads;
        }

        private void take(ConsumerRecord<byte[], byte[]> entry) {
            String key = new String(entry.key(), StandardCharsets.UTF_8);
            if (key.indexOf('/') >= 0) {
                return; // a flag
            }
            try {
                Head head = (Head) StateCodec.decode(format.read(entry.value()));
                if (head.ledgerId().equals(ledger.events())) {
                    heads.put(head.environment(), head);
                }
            } catch (UndecodableException e) {
                heads.remove(key);
                log.warn("the head of {} in {} is written over: {}", key, partition, e.getMessage());
            }
        }
    }
}
