package io.flagledger.server;

import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagLedgerConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
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
        return followed.computeIfAbsent(environment, this::connect);
    }

    /**
     * The flags of an environment that has a ledger, or is followed already; one without is not followed from then on
     * either, however often somebody asks.
     *
     * @throws io.flagledger.sdk.NotReadyException if Kafka does not tell in time
     */
    public Optional<FlagLedger> find(String environment, Duration longest) throws InterruptedException {
        FlagLedger known = followed.get(environment);
        if (known != null) {
            known.awaitReady(longest);
            return Optional.of(known);
        }
        FlagLedger found = connect(environment);
        boolean kept = false;
        try {
            found.awaitReady(longest);
            if (found.state().sequence() == 0) {
                return Optional.ofNullable(followed.get(environment)); // somebody may have made it just now
            }
            FlagLedger other = followed.putIfAbsent(environment, found);
            kept = other == null;
            return Optional.of(other == null ? found : other);
        } finally {
            if (!kept) {
                found.close();
            }
        }
    }

    /** The environments that are followed now. */
    public SortedSet<String> names() {
        return new TreeSet<>(followed.keySet());
    }

    private FlagLedger connect(String environment) {
        return FlagLedger.connect(FlagLedgerConfig.of(connection, environment).withTopics(topics));
    }

    @Override
    public void close() {
        followed.values().forEach(FlagLedger::close);
    }
}
