package io.flagledger.sdk;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.codec.UndecodableException;
import io.flagledger.core.codec.WireSchema;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.TopicFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what the state topic says of an environment, from its beginning. For one thread. */
final class StateReader implements AutoCloseable {
    /*
     * A consumer of its own, and only for as long as it is needed. At the end of the topic it has a fetch under way that
     * finds nothing, and a broker answers the requests of a connection one after the other: whatever else that consumer
     * asked for, events among it, would wait half a second.
     */
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.evaluator");
    private static final Duration POLL = Duration.ofMillis(200);

    private final String environment;
    private final TopicPartition partition;
    private final TopicFormat format;
    private final StateImage image;
    private final KafkaConsumer<byte[], byte[]> consumer;

    StateReader(FlagLedgerConfig config, LedgerId ledger, TopicPartition partition, Duration callTimeout) {
        this.environment = config.environment();
        this.partition = partition;
        this.format = config.connection().format(partition.topic(), WireSchema.STATE);
        this.image = new StateImage(environment, ledger.events());
        this.consumer = config.connection().consumer(callTimeout);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    /** Whether there is nothing to read. To be asked first of all. */
    boolean isEmpty() {
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        return consumer.position(partition) >= end;
    }

    /** Reads what comes within a moment. Returns whether that was all, as the answer said that it came with. */
    boolean read() {
        List<ConsumerRecord<byte[], byte[]>> ours = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> next : consumer.poll(POLL)) {
            if (EventCodec.environmentOf(next.key()).equals(environment)) {
                ours.add(next);
            }
        }
        InParallel.map(ours, this::decode).forEach(entry -> entry.ifPresentOrElse(image::take, image::miss));
        // Not by a question: that would wait behind the next fetch, which is under way and finds nothing.
        return consumer.currentLag(partition).orElse(1) == 0;
    }

    private Optional<StateEntry> decode(ConsumerRecord<byte[], byte[]> next) {
        try {
            return Optional.of(StateCodec.decode(format.read(next.value())));
        } catch (UndecodableException e) {
            log.warn("the state topic is of no use for {}: {}", environment, e.getMessage());
            return Optional.empty();
        }
    }

    /** What was read so far. */
    StateImage image() {
        return image;
    }

    /** Lets a read end with a WakeupException; from any thread. */
    void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO)); // it is in no group, so there is nobody to take leave of
    }
}
