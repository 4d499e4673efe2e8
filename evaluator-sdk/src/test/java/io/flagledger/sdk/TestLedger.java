package io.flagledger.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.command.Command;
import io.flagledger.core.command.Decider;
import io.flagledger.core.command.Verdict;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Event;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.LedgerReader;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.core.kafka.TopicSetup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A ledger in a broker, and whoever writes to it: people, and what a projector would send. */
final class TestLedger implements AutoCloseable {
    static final String ENVIRONMENT = "gastown-production";
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final KafkaConnection connection;
    private final LedgerTopics topics;
    private LedgerWriter writer;

    TestLedger(String bootstrapServers, String prefix) {
        connection = KafkaConnection.of(bootstrapServers);
        topics = LedgerTopics.withPrefix(prefix);
        writer = LedgerWriter.open(connection, topics, PATIENCE);
    }

    FlagLedgerConfig config() {
        return FlagLedgerConfig.of(connection, ENVIRONMENT).withTopics(topics);
    }

    LedgerTopics topics() {
        return topics;
    }

    LedgerId id() {
        return TopicSetup.ensure(connection, topics, PATIENCE);
    }

    /** Lets another ledger take this one's place, once its topics are gone. */
    void begin() {
        writer.close();
        writer = LedgerWriter.open(connection, topics, PATIENCE);
    }

    long append(Change... changes) {
        AppendResult result = writer.append(ENVIRONMENT, Actor.human("dana"), "a test", List.of(changes));
        assertThat(result).isInstanceOf(AppendResult.Accepted.class);
        return ((AppendResult.Accepted) result).sequence();
    }

    /** The state after each event so far, the first at index 1. */
    List<Snapshot> states() {
        String id = id().events();
        List<Snapshot> states = new ArrayList<>();
        states.add(new Snapshot(id, EnvironmentState.empty(ENVIRONMENT), -1, Instant.EPOCH));
        new LedgerReader(connection, topics, PATIENCE)
                .read(ENVIRONMENT, event -> states.add(new Snapshot(id, event.after(), event.offset(), Instant.EPOCH)));
        return states;
    }

    Snapshot end() {
        List<Snapshot> states = states();
        return states.get(states.size() - 1);
    }

    /** What a projector sends when it comes to this state: the flags that the last event changed, and the head. */
    void publishStep(Snapshot to) {
        for (FlagState flag : to.state().flags().sortedValues()) {
            if (flag.lastChange().sequence() == to.state().sequence()) {
                publish(new StateEntry.Flag(ENVIRONMENT, flag));
            }
        }
        publish(head(to));
    }

    static Head head(Snapshot at) {
        return new Head(
                ENVIRONMENT,
                at.ledgerId(),
                at.state().sequence(),
                at.state().digest(),
                at.state().ledgerTime(),
                at.eventOffset(),
                at.state().flags().size());
    }

    void publish(StateEntry entry) {
        send(topics.state(), StateCodec.key(entry), StateCodec.encode(entry));
    }

    /** Returns its offset. */
    long appendUnreadable(long sequence) {
        return send(
                topics.events(),
                (ENVIRONMENT + "/" + sequence).getBytes(StandardCharsets.UTF_8),
                "of a newer version".getBytes(StandardCharsets.UTF_8));
    }

    /** Appends behind whatever lies there, as no writer of ours would: decided on this state. */
    long appendBlindly(EnvironmentState on, Change change) {
        Event next = next(on, change);
        send(topics.events(), EventCodec.key(ENVIRONMENT, next.sequence()), value(on, next));
        return next.sequence();
    }

    /** The event that the change makes of this state. */
    static Event next(EnvironmentState on, Change change) {
        Command command = new Command(
                "blind-" + on.sequence(), Instant.EPOCH, Actor.human("dana"), "a test", List.of(change), null);
        return ((Verdict.Accepted) Decider.decide(on, command)).events().get(0);
    }

    /** As it lies in the topic behind this state. */
    static byte[] value(EnvironmentState on, Event event) {
        return EventCodec.encode(event, on.digest()).value();
    }

    private long send(String topic, byte[] key, byte[] value) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(connection.with(Map.of()), new ByteArraySerializer(), new ByteArraySerializer())) {
            return producer.send(new ProducerRecord<>(topic, topics.partitionOf(ENVIRONMENT), key, value))
                    .get()
                    .offset();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        writer.close();
    }
}
