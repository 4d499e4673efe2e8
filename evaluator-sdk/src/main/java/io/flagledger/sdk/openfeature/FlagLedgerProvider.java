package io.flagledger.sdk.openfeature;

import static java.util.Objects.requireNonNull;

import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.EventProvider;
import dev.openfeature.sdk.ImmutableMetadata;
import dev.openfeature.sdk.Metadata;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.ProviderEventDetails;
import dev.openfeature.sdk.TrackingEventDetails;
import dev.openfeature.sdk.Value;
import dev.openfeature.sdk.exceptions.GeneralError;
import dev.openfeature.sdk.exceptions.InvalidContextError;
import dev.openfeature.sdk.exceptions.ParseError;
import io.flagledger.core.evaluate.Outcome;
import io.flagledger.core.evaluate.Reason;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.FlagValue;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagsChanged;
import io.flagledger.sdk.NotReadyException;
import io.flagledger.sdk.Served;
import io.flagledger.sdk.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The flags of one environment for OpenFeature. The context's targeting key is the user; {@code orgId} (a string) and
 * {@code admin} (a boolean) are attributes. It answers from memory, whatever state it is in, and any number of threads
 * and domains may ask it.
 *
 * <p>It follows what it is given and does not own it: shutting the provider down leaves the {@link FlagLedger} open.
 */
public final class FlagLedgerProvider extends EventProvider {
    /*
     * The SDK itself makes READY of an initialize that returns, and ERROR of one that throws; to emit them here as well
     * would call every handler twice. So events begin when initialize is over, and READY is emitted only where the
     * provider comes back from STALE or ERROR. In both of these the SDK goes on asking, and is answered.
     */
    private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(10);
    private static final Duration AFTER_INITIALIZE = Duration.ofMillis(200);
    private static final Metadata NAME = () -> "flag-ledger";

    private final FlagLedger flags;
    private final Duration patience;
    private final Consumer<Tracked> tracking;
    private final ObjectValues objects = new ObjectValues();
    private final List<Runnable> listening = new ArrayList<>();
    private final boolean explaining;
    // Read and written without a lock: whichever thread wins, what it wrote is right for the cut it names.
    private volatile @Nullable PreparedCut cut;
    private boolean emitting;
    private Status.State told = Status.State.STARTING;
    private long answeredFrom;

    /** Provides these flags, and lets go what clients track. */
    public FlagLedgerProvider(FlagLedger flags) {
        this(flags, DEFAULT_PATIENCE, tracked -> {});
    }

    /**
     * Provides these flags.
     *
     * @param patience how long initializing may take; it fails then, and the provider is ready as soon as the flags are
     * @param tracking told what clients track, on the client's thread
     */
    public FlagLedgerProvider(FlagLedger flags, Duration patience, Consumer<Tracked> tracking) {
        this(flags, patience, tracking, false);
    }

    private FlagLedgerProvider(FlagLedger flags, Duration patience, Consumer<Tracked> tracking, boolean explaining) {
        this.flags = requireNonNull(flags, "flags");
        this.patience = requireNonNull(patience, "patience");
        this.tracking = requireNonNull(tracking, "tracking");
        this.explaining = explaining;
    }

    /**
     * A provider that also tells in flag metadata what differs from subject to subject: the bucket, and the allowlist
     * entry that decided, which may name a colleague. Such metadata is made anew for each answer, which takes several
     * times as long.
     */
    public FlagLedgerProvider explaining() {
        return new FlagLedgerProvider(flags, patience, tracking, true);
    }

    @Override
    public Metadata getMetadata() {
        return NAME;
    }

    @Override
    public void initialize(EvaluationContext context) throws InterruptedException {
        if (listening.isEmpty()) {
            listening.add(flags.onChange(this::tell));
            listening.add(flags.onStatus(this::tell));
        }
        try {
            flags.awaitReady(patience);
        } catch (NotReadyException e) {
            begin(Status.State.STARTING);
            throw new GeneralError(e.getMessage());
        }
        begin(Status.State.READY);
    }

    @Override
    public void shutdown() {
        synchronized (this) {
            emitting = false;
        }
        listening.forEach(Runnable::run);
        listening.clear();
        super.shutdown();
    }

    @Override
    public ProviderEvaluation<Boolean> getBooleanEvaluation(
            String key, Boolean defaultValue, EvaluationContext context) {
        return evaluate(
                key,
                defaultValue,
                context,
                value -> value instanceof FlagValue.BooleanValue truth ? truth.value() : null);
    }

    @Override
    public ProviderEvaluation<String> getStringEvaluation(String key, String defaultValue, EvaluationContext context) {
        return evaluate(
                key, defaultValue, context, value -> value instanceof FlagValue.StringValue text ? text.value() : null);
    }

    /** A whole number of 32 bits; where a flag serves a longer one, ask for a long. */
    @Override
    public ProviderEvaluation<Integer> getIntegerEvaluation(
            String key, Integer defaultValue, EvaluationContext context) {
        return evaluate(
                key,
                defaultValue,
                context,
                value -> value instanceof FlagValue.IntegerValue whole && whole.value() == (int) whole.value()
                        ? (Integer) (int) whole.value()
                        : null);
    }

    /** A whole number, exact in all its 64 bits. */
    @Override
    public ProviderEvaluation<Long> getLongEvaluation(String key, Long defaultValue, EvaluationContext context) {
        return evaluate(
                key,
                defaultValue,
                context,
                value -> value instanceof FlagValue.IntegerValue whole ? (Long) whole.value() : null);
    }

    /** A number; a whole one too, where a double holds it exactly. */
    @Override
    public ProviderEvaluation<Double> getDoubleEvaluation(String key, Double defaultValue, EvaluationContext context) {
        return evaluate(key, defaultValue, context, FlagLedgerProvider::number);
    }

    @Override
    public ProviderEvaluation<Value> getObjectEvaluation(String key, Value defaultValue, EvaluationContext context) {
        return evaluate(
                key,
                defaultValue,
                context,
                value -> value instanceof FlagValue.ObjectValue object ? objects.of(object) : null);
    }

    @Override
    public void track(String event, EvaluationContext context, TrackingEventDetails details) {
        tracking.accept(new Tracked(event, Contexts.subject(context), details));
    }

    private <T> ProviderEvaluation<T> evaluate(
            String key, T defaultValue, @Nullable EvaluationContext context, Reading<T> reading) {
        Subject subject;
        try {
            subject = Contexts.subject(context);
        } catch (InvalidContextError e) {
            return error(defaultValue, ErrorCode.INVALID_CONTEXT, e.getMessage(), ImmutableMetadata.EMPTY);
        }
        PreparedCut cut = cut();
        flags.exposed(cut.served(), key, subject);
        PreparedFlag flag = cut.flag(key);
        if (flag == null) {
            return unknown(key, defaultValue, explanation(cut, key, subject));
        }
        PreparedAnswer answer = flag.answer(subject);
        Outcome outcome = answer.outcome();
        ImmutableMetadata metadata = explaining ? explanation(cut, key, subject) : answer.metadata();
        if (outcome.reason() == Reason.ARCHIVED && cut.served().leftToDefault().contains(key)) {
            return error(defaultValue, ErrorCode.GENERAL, tooStale(key), metadata);
        }
        try {
            T value = reading.of(outcome.value());
            return value == null
                    ? error(defaultValue, ErrorCode.TYPE_MISMATCH, mismatch(key, outcome), metadata)
                    : new ProviderEvaluation<>(value, outcome.variant(), answer.reason(), null, null, metadata);
        } catch (ParseError e) {
            return error(defaultValue, ErrorCode.PARSE_ERROR, e.getMessage(), metadata);
        }
    }

    private PreparedCut cut() {
        Served now = flags.served();
        PreparedCut known = cut;
        if (known == null || !known.isOf(now)) {
            known = new PreparedCut(now);
            cut = known;
        }
        return known;
    }

    private static ImmutableMetadata explanation(PreparedCut cut, String key, Subject subject) {
        Served served = cut.served();
        return Answers.metadata(served.flags().decide(key, subject, served.isStale()));
    }

    private <T> ProviderEvaluation<T> unknown(String key, T defaultValue, ImmutableMetadata metadata) {
        return flags.status().state() == Status.State.STARTING
                ? error(defaultValue, ErrorCode.PROVIDER_NOT_READY, "the flags are not known yet", metadata)
                : error(
                        defaultValue,
                        ErrorCode.FLAG_NOT_FOUND,
                        "there is no flag %s in %s".formatted(key, flags.state().environment()),
                        metadata);
    }

    private static String tooStale(String key) {
        return "%s is left to its default, for answers have been stale for too long".formatted(key);
    }

    private static String mismatch(String key, Outcome outcome) {
        return "%s serves %s, which is of type %s and does not fit the type that is asked for"
                .formatted(key, outcome.variant(), outcome.value().type());
    }

    private static @Nullable Double number(FlagValue value) {
        if (value instanceof FlagValue.DoubleValue number) {
            return number.value();
        }
        return value instanceof FlagValue.IntegerValue whole && (long) (double) whole.value() == whole.value()
                ? (Double) (double) whole.value()
                : null;
    }

    private static <T> ProviderEvaluation<T> error(
            T defaultValue, ErrorCode code, @Nullable String message, ImmutableMetadata metadata) {
        return new ProviderEvaluation<>(defaultValue, null, "ERROR", code, message, metadata);
    }

    private synchronized void begin(Status.State now) {
        answeredFrom = flags.state().sequence();
        emitting = true;
        told = now;
        // What has become of the state meanwhile; not before the SDK has set its own, which would write over it.
        CompletableFuture.delayedExecutor(AFTER_INITIALIZE.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> tell(flags.status()));
    }

    /** Tells of the flags that may answer otherwise now: those that changed and all below them. */
    private synchronized void tell(FlagsChanged change) {
        objects.forget();
        if (!emitting || change.after().state().sequence() <= answeredFrom) {
            return;
        }
        List<String> changed = new ArrayList<>();
        change.after().state().flags().forEach((key, flag) -> {
            if (change.after().flag(key)
                    != change.before().flag(key)) { // one that did not change is taken over as it is
                changed.add(key);
            }
        });
        emitProviderConfigurationChanged(ProviderEventDetails.builder()
                .flagsChanged(changed)
                .message("at " + change.after().state().sequence())
                .build());
    }

    private synchronized void tell(Status status) {
        Status.State now = status.state() == Status.State.CLOSED ? Status.State.STALE : status.state();
        if (!emitting || now == told || now == Status.State.STARTING) {
            return;
        }
        told = now;
        if (now == Status.State.READY) {
            emitProviderReady(ProviderEventDetails.builder().build());
        } else {
            String problem = status.problem();
            emitProviderStale(ProviderEventDetails.builder()
                    .message(problem == null ? "newer changes may exist" : problem)
                    .build());
        }
    }

    private interface Reading<T> {
        /** The value, if it is of the type asked for. */
        @Nullable
        T of(FlagValue value);
    }
}
