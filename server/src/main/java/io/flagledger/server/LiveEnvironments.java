package io.flagledger.server;

import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagLedgerConfig;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The environments that this process follows, each by an evaluator of its own. Any number of threads may use it. */
public final class LiveEnvironments implements AutoCloseable {
    private final KafkaConnection connection;
    private final LedgerTopics topics;
    private final Map<String, FlagLedger> followed = new ConcurrentHashMap<>();

    LiveEnvironments(KafkaConnection connection, LedgerTopics topics) {
        this.connection = connection;
        this.topics = topics;
    }

    /** The environment's flags; begins to follow it if it is not followed yet, so they may not be known at once. */
    public FlagLedger follow(String environment) {
        return followed.computeIfAbsent(
                environment,
                name -> FlagLedger.connect(FlagLedgerConfig.of(connection, name).withTopics(topics)));
    }

    /** The environments that are followed now. */
    public SortedSet<String> names() {
        return new TreeSet<>(followed.keySet());
    }

    @Override
    public void close() {
        followed.values().forEach(FlagLedger::close);
    }
}
