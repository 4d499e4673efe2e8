package io.flagledger.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.embedded.junit.KafkaForTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A ledger on a real broker, with somebody who writes to one environment and those who follow it. */
public final class RunningLedger implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(20);
    public static final String ENVIRONMENT = "gastown-production";

    private final KafkaConnection connection;
    private final LedgerTopics topics;
    private final String environment;
    private final LedgerWriter writer;
    private long end;

    public RunningLedger(KafkaForTest broker, String name) {
        this(broker, name, ENVIRONMENT);
    }

    public RunningLedger(KafkaForTest broker, String name, String environment) {
        connection = KafkaConnection.of(broker.bootstrapServers());
        topics = LedgerTopics.withPrefix(broker.topicPrefix() + name);
        this.environment = environment;
        writer = LedgerWriter.open(connection, topics, PATIENCE);
    }

    public FlagLedgerConfig config() {
        return FlagLedgerConfig.of(connection, environment).withTopics(topics);
    }

    /** Follows the ledger, up to its end. */
    public FlagLedger connect() throws InterruptedException {
        FlagLedger flags = FlagLedger.connect(config());
        flags.awaitReady(PATIENCE);
        assertThat(flags.awaitSequence(end, PATIENCE))
                .isTrue(); // a commit is seen by readers a little after it returns
        return flags;
    }

    /** Appends, and waits until all of these have seen it. */
    public void append(List<Change> changes, FlagLedger... followers) throws InterruptedException {
        AppendResult result = writer.append(environment, Actor.human("dana"), "a test", changes);
        assertThat(result).isInstanceOf(AppendResult.Accepted.class);
        end = ((AppendResult.Accepted) result).sequence();
        for (FlagLedger follower : followers) {
            assertThat(follower.awaitSequence(end, PATIENCE)).isTrue();
        }
    }

    public void append(Change change, FlagLedger... followers) throws InterruptedException {
        append(List.of(change), followers);
    }

    /** Appends what another ledger holds, in the same batches. */
    public void append(Iterable<Recorded> history) throws InterruptedException {
        List<Change> batch = new ArrayList<>();
        for (Recorded recorded : history) {
            Event event = recorded.event();
            batch.add(event.change());
            if (event.batch().remaining() == 0) {
                append(List.copyOf(batch));
                batch.clear();
            }
        }
    }

    @Override
    public void close() {
        writer.close();
    }
}
