package io.flagledger.sdk;

import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.sdk.admission.Admission;
import io.flagledger.sdk.admission.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The flags of one environment, held in memory and kept current by one thread that follows Kafka. Questions are answered
 * from memory, with no call, no lock and no exception, whatever happens to Kafka; {@link #status} tells how current the
 * answers are. Keep one for as long as the process lives; any number of threads may ask it.
 *
 * <p>A question for a value names a default. It is given where the flag is unknown, serves values of another type, or is to
 * {@linkplain FailMode#CODE_DEFAULT fail} that way; a subject that is denied access gets the flag's own off variant. Each
 * {@code …Value} has a {@code …Details} that also tells why.
 */
public final class FlagLedger implements AutoCloseable {
    private final FlagLedgerConfig config;
    private final Health health;
    private final Views views;
    private final Answers answers;
    private final Follower follower;
    private final Watch watch;
    private final Notifier notifier;
    private final @Nullable SnapshotKeeper keeper;

    private FlagLedger(FlagLedgerConfig config) {
        this.config = config;
        this.health = new Health(config);
        this.views = new Views(config.environment(), config.failModes());
        this.answers = new Answers(views, health, config.exposures());
        this.follower = new Follower(config, views, health, config.snapshots().load(config.environment(), health));
        this.watch = new Watch(config.environment(), views, health);
        this.notifier = new Notifier(config.environment(), views, health, this::status);
        this.keeper = config.snapshots().file() == null
                ? null
                : new SnapshotKeeper(config.snapshots().file(), config.environment(), follower, views, health);
    }

    /**
     * Starts to follow an environment and returns at once, or when the snapshot is read. Until it has caught up, answers come from the snapshot that the
     * configuration names; without one every flag is unknown and nobody has access: see {@link #awaitReady}. Goes on
     * trying for as long as Kafka, or the ledger, is not there.
     */
    public static FlagLedger connect(FlagLedgerConfig config) {
        FlagLedger ledger = new FlagLedger(config);
        ledger.start();
        return ledger;
    }

    private void start() {
        watch.start();
        follower.start();
        if (keeper != null) {
            keeper.start();
        }
    }

    /**
     * Waits until there is something to answer from: the flags as they were at the end of the ledger when following began;
     * or, where an event stands before that end that this version can't read, as far as they can be known; or, at once,
     * those of a snapshot, which are {@linkplain #isStale stale} until Kafka is caught up with. A service that would rather
     * start with defaults than not at all does not wait, or waits with {@link #awaitCurrent}.
     *
     * @throws NotReadyException if there is nothing in time, saying what stood in the way
     */
    public void awaitReady(Duration longest) throws InterruptedException {
        // What is served is judged a moment after what is known.
        if (!views.await(() -> health.isAnswering() && views.isStale() == health.isStale(), longest)) {
            throw new NotReadyException("the flags of %s at %s were not known within %s ms: %s"
                    .formatted(config.environment(), config.connection(), longest.toMillis(), status().problem()));
        }
    }

    /**
     * Waits until answers are current: not stale, and not those of a snapshot.
     *
     * @return whether they are; false if the time was not enough
     */
    public boolean awaitCurrent(Duration longest) throws InterruptedException {
        return views.await(() -> !health.isStale() && !views.isStale(), longest);
    }

    /**
     * Waits until answers take an event into account, so that a writer can read its own write.
     *
     * @return whether they do; false if the time was not enough
     */
    public boolean awaitSequence(long sequence, Duration longest) throws InterruptedException {
        return views.await(() -> views.known().state().sequence() >= sequence, longest);
    }

    /** Whether the subject has access to the flag; false for an unknown flag. */
    public boolean isOpen(String flag, Subject subject) {
        CompiledEnvironment view = views.served();
        return answers.isOpen(flag, view, view.flag(flag), subject);
    }

    /** The answer with everything that led to it. An unknown flag is denied as {@code UNKNOWN_FLAG}. */
    public Decision decide(String flag, Subject subject) {
        return answers.decide(flag, subject);
    }

    /** The value of a BOOLEAN flag for the subject, or the default. */
    public boolean booleanValue(String flag, Subject subject, boolean otherwise) {
        CompiledEnvironment view = views.served();
        return answers.booleanValue(flag, view, view.flag(flag), subject, otherwise);
    }

    /** The same with everything that led to it. */
    public ValueDetails<Boolean> booleanDetails(String flag, Subject subject, boolean otherwise) {
        return answers.details(Kind.BOOLEAN, flag, subject, otherwise);
    }

    /** The value of a STRING flag for the subject, or the default. */
    public String stringValue(String flag, Subject subject, String otherwise) {
        CompiledEnvironment view = views.served();
        return answers.stringValue(flag, view, view.flag(flag), subject, otherwise);
    }

    /** The same with everything that led to it. */
    public ValueDetails<String> stringDetails(String flag, Subject subject, String otherwise) {
        return answers.details(Kind.STRING, flag, subject, otherwise);
    }

    /** The value of an INTEGER flag for the subject, or the default, as well where an int can't hold the value. */
    public int intValue(String flag, Subject subject, int otherwise) {
        CompiledEnvironment view = views.served();
        return answers.intValue(flag, view, view.flag(flag), subject, otherwise);
    }

    /** The same with everything that led to it. */
    public ValueDetails<Integer> intDetails(String flag, Subject subject, int otherwise) {
        return answers.details(Kind.INT, flag, subject, otherwise);
    }

    /** The value of an INTEGER flag for the subject, or the default. */
    public long longValue(String flag, Subject subject, long otherwise) {
        CompiledEnvironment view = views.served();
        return answers.longValue(flag, view, view.flag(flag), subject, otherwise);
    }

    /** The same with everything that led to it. */
    public ValueDetails<Long> longDetails(String flag, Subject subject, long otherwise) {
        return answers.details(Kind.LONG, flag, subject, otherwise);
    }

    /** The value of a DOUBLE flag for the subject, or the default. */
    public double doubleValue(String flag, Subject subject, double otherwise) {
        CompiledEnvironment view = views.served();
        return answers.doubleValue(flag, view, view.flag(flag), subject, otherwise);
    }

    /** The same with everything that led to it. */
    public ValueDetails<Double> doubleDetails(String flag, Subject subject, double otherwise) {
        return answers.details(Kind.DOUBLE, flag, subject, otherwise);
    }

    /** The value of an OBJECT flag for the subject, as JSON, or the default. */
    public String objectValue(String flag, Subject subject, String otherwise) {
        CompiledEnvironment view = views.served();
        return answers.objectValue(flag, view, view.flag(flag), subject, otherwise);
    }

    /** The same with everything that led to it. */
    public ValueDetails<String> objectDetails(String flag, Subject subject, String otherwise) {
        return answers.details(Kind.OBJECT, flag, subject, otherwise);
    }

    /** Admits a subject for a day, if it has access: see {@link #admit(String, Subject, Duration)}. */
    public Optional<Admission> admit(String flag, Subject subject) {
        return admit(flag, subject, Admission.DEFAULT_LIFETIME);
    }

    /**
     * Admits a subject, if it has access. The admission outlives a kill switch of new access, a smaller percentage and a
     * removed allowlist entry: ask {@link #continues} whether it goes on. Nobody is admitted while all access is killed.
     *
     * @param lifetime a second at least
     */
    public Optional<Admission> admit(String flag, Subject subject, Duration lifetime) {
        CompiledEnvironment view = views.served(); // before the id: no view is of a ledger that is not known
        String ledger = follower.ledgerId();
        return ledger == null
                ? Optional.empty()
                : Admission.admit(ledger, view, flag, subject, Instant.now(), lifetime);
    }

    /**
     * Whether what a subject was let into goes on: until the admission expires, or the flag is killed for all access or
     * archived, as far as is known here. Once told that it does not, drop the admission: nothing remembers a kill that was
     * released.
     */
    public boolean continues(Admission admission) {
        return standing(admission).continues();
    }

    /** What has become of an admission, as far as is known here. */
    public Standing standing(Admission admission) {
        CompiledEnvironment view = views.known(); // no fail mode ends what was let in
        return admission.standing(follower.ledgerId(), view, Instant.now());
    }

    /** The id of the ledger that is followed; empty until Kafka, or a snapshot, has told it. */
    public Optional<String> ledgerId() {
        return Optional.ofNullable(follower.ledgerId());
    }

    /** The flag for repeated questions, whether it exists yet or not. */
    public FlagHandle handle(String flag) {
        return new FlagHandle(flag, views, answers);
    }

    /** All flags as of one position, as the ledger's events made them. */
    public EnvironmentState state() {
        return views.known().state();
    }

    /** All flags of one position as they are served, prepared: for many questions that must be answered from the same cut. */
    public CompiledEnvironment view() {
        return views.served();
    }

    /** What answers come from at this moment: {@link #view} and {@link #isStale} as one, as they were judged last. */
    public Served served() {
        return views.cut();
    }

    /**
     * Tells the {@linkplain FlagLedgerConfig#withExposures listener} of exposures, if there is one and this answer is of
     * its sample, that a subject is given an answer: for adapters that answer from {@link #served}. All that is asked of
     * this object itself tells of it anyway.
     */
    public void exposed(Served from, String flag, Subject subject) {
        answers.exposed(from, flag, subject);
    }

    /** Whether newer events may exist that answers do not take into account. */
    public boolean isStale() {
        return health.isStale();
    }

    /** How well the environment is known at this moment. */
    public Status status() {
        return health.status(() -> views.known().state());
    }

    /**
     * Tells a listener of each change of flags, one after the other, on a thread of its own. What it throws is logged and
     * goes no further.
     *
     * @return what ends it
     */
    public Runnable onChange(Consumer<FlagsChanged> listener) {
        return notifier.onChange(listener);
    }

    /**
     * Tells a listener whenever the {@linkplain Status#state state} is another than before, on the same thread as changes.
     * A state that has passed before the listener could be told is left out.
     *
     * @return what ends it
     */
    public Runnable onStatus(Consumer<Status> listener) {
        return notifier.onStatus(listener);
    }

    /** Stops following, and saves the snapshot. Questions are still answered, as of the last position. */
    @Override
    public void close() {
        follower.close();
        if (keeper != null) {
            keeper.close();
        }
    }
}
