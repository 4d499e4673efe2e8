package io.flagledger.benchmarks;

import io.flagledger.core.codec.EncodedEvent;
import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.command.Command;
import io.flagledger.core.command.Decider;
import io.flagledger.core.command.Verdict;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.KillSwitchReleased;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A long ledger: first {@value #FLAGS} flags are created, then each is killed and released in turn by twenty people. */
final class LongLedger {
    static final int FLAGS = 1_000;
    static final int PEOPLE = 20;

    private LongLedger() {}

    static String flag(int number) {
        return "gastown.feature-" + number % FLAGS;
    }

    static String person(int number) {
        return "person-" + number % PEOPLE;
    }

    /** Puts it there without the writer, whose commits would take an hour. */
    static void fill(KafkaConnection connection, LedgerTopics topics, String environment, int events) throws Exception {
        EnvironmentState state = EnvironmentState.empty(environment);
        int partition = topics.partitionOf(environment);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                connection.with(Map.of("linger.ms", 20, "batch.size", 200_000)),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            Future<RecordMetadata> last = null;
            for (int i = 0; i < events; i++) {
                Event event = ((Verdict.Accepted) Decider.decide(state, command(i)))
                        .events()
                        .get(0);
                EncodedEvent encoded = EventCodec.encode(event, state.digest());
                last = producer.send(new ProducerRecord<>(
                        topics.events(), partition, EventCodec.key(environment, event.sequence()), encoded.value()));
                state = Fold.apply(state, new Recorded(event, state.digest(), encoded.digest(), Instant.EPOCH));
            }
            if (last != null) {
                last.get(); // an idempotent producer's records are all there, or the last is not
            }
        }
    }

    private static Command command(int number) {
        String flag = flag(number);
        Change change = number < FLAGS
                ? FlagCreated.bool(flag)
                : number / FLAGS % 2 == 1
                        ? new KillSwitchEngaged(flag, KillSwitch.NEW_ACCESS)
                        : new KillSwitchReleased(flag);
        return new Command(
                UUID.randomUUID().toString(),
                Instant.EPOCH,
                Actor.human(person(number / 7)),
                "a reason of the usual length, as people write it",
                List.of(change),
                null);
    }
}
