package io.flagledger.sdk;

import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.CompiledFlag;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.fold.EnvironmentState;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The flags of one environment, held in memory and kept current by one thread that follows Kafka. Questions are answered
 * from memory, with no call, no lock and no exception, whatever happens to Kafka; {@link #status} tells how current the
 * answers are. Keep one for as long as the process lives; any number of threads may ask it.
 */
public final class FlagLedger implements AutoCloseable {
    private final FlagLedgerConfig config;
    private final Views views;
    private final Follower follower;

    private FlagLedger(FlagLedgerConfig config) {
        this.config = config;
        this.views = new Views(config.environment());
        this.follower = new Follower(config, views);
    }

    /**
     * Starts to follow an environment and returns at once. Until it has caught up every flag is unknown and nobody has
     * access: see {@link #awaitReady}. Goes on trying for as long as Kafka, or the ledger, is not there.
     */
    public static FlagLedger connect(FlagLedgerConfig config) {
        FlagLedger ledger = new FlagLedger(config);
        ledger.follower.start();
        return ledger;
    }

    /**
     * Waits until the flags are known as they were at the end of the ledger when following began; or, where an event
     * stands before that end that this version can't read, as far as they can be known: {@link #isStale} tells.
     *
     * @throws NotReadyException if they are not in time, saying what stood in the way
     */
    public void awaitReady(Duration longest) throws InterruptedException {
        if (!views.await(follower::isReady, longest)) {
            String problem = status().problem();
            throw new NotReadyException("the flags of %s at %s were not known within %s ms: %s"
                    .formatted(
                            config.environment(),
                            config.connection(),
                            longest.toMillis(),
                            problem == null ? "still reading" : problem));
        }
    }

    /**
     * Waits until answers take an event into account, so that a writer can read its own write.
     *
     * @return whether they do; false if the time was not enough
     */
    public boolean awaitSequence(long sequence, Duration longest) throws InterruptedException {
        return views.await(() -> views.current().state().sequence() >= sequence, longest);
    }

    /** Whether the subject has access to the flag; false for an unknown flag. */
    public boolean isOpen(String flag, Subject subject) {
        CompiledFlag compiled = views.current().flag(flag);
        return compiled != null && compiled.isOpen(subject);
    }

    /** The answer with everything that led to it. An unknown flag is denied as {@code UNKNOWN_FLAG}. */
    public Decision decide(String flag, Subject subject) {
        return views.current().decide(flag, subject, views.isStale());
    }

    /** The flag for repeated questions, whether it exists yet or not. */
    public FlagHandle handle(String flag) {
        return new FlagHandle(flag, views);
    }

    /** All flags as of one position. */
    public EnvironmentState state() {
        return views.current().state();
    }

    /** All flags of one position, prepared: for many questions that must be answered from the same cut. */
    public CompiledEnvironment view() {
        return views.current();
    }

    /** Whether newer events may exist that answers do not take into account. */
    public boolean isStale() {
        return views.isStale();
    }

    public Status status() {
        return follower.status();
    }

    /**
     * Tells a listener of each change, on the following thread, so be quick. What it throws is logged and goes no
     * further.
     *
     * @return what ends it
     */
    public Runnable onChange(Consumer<FlagsChanged> listener) {
        return views.listen(listener);
    }

    /** Stops following. Questions are still answered, as of the last position. */
    @Override
    public void close() {
        follower.close();
    }
}
