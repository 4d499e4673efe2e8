package io.flagledger.sdk;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Names;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What to follow, and how. Immutable: each {@code with…} gives another one. */
public final class FlagLedgerConfig {
    /** The leader is asked five times in it, and an answer is noticed a fifth of a second later at worst. */
    private static final Duration LEAST_SILENCE = Duration.ofSeconds(1);

    private final KafkaConnection connection;
    private final LedgerTopics topics;
    private final String environment;
    private final Duration staleAfter;
    private final FailModes failModes;
    private final Snapshots snapshots;
    private final @Nullable Exposures exposures;

    private FlagLedgerConfig(
            KafkaConnection connection,
            LedgerTopics topics,
            String environment,
            Duration staleAfter,
            FailModes failModes,
            Snapshots snapshots,
            @Nullable Exposures exposures) {
        this.connection = requireNonNull(connection, "connection");
        this.topics = requireNonNull(topics, "topics");
        this.environment = environment;
        this.staleAfter = requireNonNull(staleAfter, "staleAfter");
        this.failModes = failModes;
        this.snapshots = snapshots;
        this.exposures = exposures;
        if (!Names.isEnvironment(environment)) {
            throw new IllegalArgumentException("an environment can't be called '%s': its name must match %s"
                    .formatted(environment, Names.ENVIRONMENT_FORM));
        }
        if (staleAfter.compareTo(LEAST_SILENCE) < 0) {
            throw new IllegalArgumentException(
                    "a word from Kafka may take %d ms at rest, so answers can't be called stale after %d ms already"
                            .formatted(LEAST_SILENCE.toMillis(), staleAfter.toMillis()));
        }
    }

    /** An environment on a cluster that asks for nothing but its address, {@code host:port}. */
    public static FlagLedgerConfig of(String bootstrapServers, String environment) {
        return of(KafkaConnection.of(bootstrapServers), environment);
    }

    /** An environment on any cluster. */
    public static FlagLedgerConfig of(KafkaConnection connection, String environment) {
        return new FlagLedgerConfig(
                connection,
                LedgerTopics.DEFAULT,
                environment,
                Duration.ofSeconds(5),
                FailModes.NONE,
                Snapshots.NONE,
                null);
    }

    /** The same, with topics of other names or of another number of partitions. */
    public FlagLedgerConfig withTopics(LedgerTopics other) {
        return new FlagLedgerConfig(connection, other, environment, staleAfter, failModes, snapshots, exposures);
    }

    /**
     * The same, called stale when for this long it has not been known that these are all events: 5 seconds unless set, at
     * least one; with several brokers, below three even a Kafka at rest is now and then too slow for it. While answers are not
     * stale, they take into account every event whose append returned longer ago.
     */
    public FlagLedgerConfig withStaleAfter(Duration silence) {
        return new FlagLedgerConfig(connection, topics, environment, silence, failModes, snapshots, exposures);
    }

    /** The same, with what one flag does when answers have been stale for too long: {@link FailMode#LAST_KNOWN} unless set. */
    public FlagLedgerConfig withFailMode(String flag, FailMode mode) {
        return withFailModes(failModes.with(flag, mode));
    }

    /** The same, with how long after answers were last known to be current flags fail: 5 minutes unless set. */
    public FlagLedgerConfig withTooStaleAfter(Duration age) {
        return withFailModes(new FailModes(age, failModes.modes()));
    }

    /**
     * The same, with a file to start from while Kafka does not answer. It is written anew, in the background, when flags
     * have changed, and now and then while they have not. Its folder is created where it is missing.
     */
    public FlagLedgerConfig withSnapshot(Path file) {
        return withSnapshots(new Snapshots(file, snapshots.shipped()));
    }

    /**
     * The same, with a snapshot that is only read, from a jar for example: {@code getClass().getResource("/flags.snapshot")}.
     * Where there is a file too, the one that was current last is taken.
     */
    public FlagLedgerConfig withSnapshotResource(URL shipped) {
        return withSnapshots(new Snapshots(snapshots.file(), shipped));
    }

    /**
     * The same, with a snapshot that ships with the service: the name of a resource of the thread's class loader, without a
     * slash at its beginning.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public FlagLedgerConfig withSnapshotResource(String name) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        URL found = (loader == null ? FlagLedgerConfig.class.getClassLoader() : loader).getResource(name);
        if (found == null) {
            throw new IllegalArgumentException("there is no resource %s on the class path".formatted(name));
        }
        return withSnapshotResource(found);
    }

    /**
     * The same, with somebody who is told who was given which answer. Nobody is told unless this is set, which then costs
     * nothing.
     *
     * @param sampleRate which part of all answers is told, drawn at random for each: from 0 to 1
     */
    public FlagLedgerConfig withExposures(ExposureListener listener, double sampleRate) {
        return new FlagLedgerConfig(
                connection, topics, environment, staleAfter, failModes, snapshots, new Exposures(listener, sampleRate));
    }

    public KafkaConnection connection() {
        return connection;
    }

    public LedgerTopics topics() {
        return topics;
    }

    public String environment() {
        return environment;
    }

    /** How old what is known may be before answers are called stale. */
    public Duration staleAfter() {
        return staleAfter;
    }

    FailModes failModes() {
        return failModes;
    }

    Snapshots snapshots() {
        return snapshots;
    }

    @Nullable
    Exposures exposures() {
        return exposures;
    }

    private FlagLedgerConfig withFailModes(FailModes other) {
        return new FlagLedgerConfig(connection, topics, environment, staleAfter, other, snapshots, exposures);
    }

    private FlagLedgerConfig withSnapshots(Snapshots other) {
        return new FlagLedgerConfig(connection, topics, environment, staleAfter, failModes, other, exposures);
    }
}
