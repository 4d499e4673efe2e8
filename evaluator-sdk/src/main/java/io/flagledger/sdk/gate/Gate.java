package io.flagledger.sdk.gate;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.sdk.FlagHandle;
import io.flagledger.sdk.FlagLedger;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A flag, and how to read from a request who asks. Whatever goes wrong while reading goes to the caller: a gate that
 * can't tell who asks lets nobody through. Any number of threads may use one.
 *
 * @param <T> what asks: a request, a message, a session
 */
public final class Gate<T> {
    private final FlagHandle flag;
    private final Function<? super T, Subject> subject;

    private Gate(FlagHandle flag, Function<? super T, Subject> subject) {
        this.flag = requireNonNull(flag, "flag");
        this.subject = requireNonNull(subject, "subject");
    }

    /** A gate that the flag with this key opens, whether the flag exists yet or not. */
    public static <T> Gate<T> of(FlagLedger flags, String key, Function<? super T, Subject> subject) {
        return new Gate<>(flags.handle(key), subject);
    }

    /** The key of the flag that opens it. */
    public String flag() {
        return flag.key();
    }

    /** Whether whoever asks has access. */
    public boolean allows(T request) {
        return flag.isOpen(subject.apply(request));
    }

    /** Whether whoever asks has access, with everything that led to it. */
    public Decision decide(T request) {
        return flag.decide(subject.apply(request));
    }

    /**
     * Lets the caller go on only if whoever asks has access.
     *
     * @throws GateClosedException if not
     */
    public void check(T request) {
        check(flag, subject.apply(request));
    }

    /**
     * Does the work if whoever asks has access.
     *
     * @throws GateClosedException if not; the work has not begun then
     * @throws Exception what the work throws
     */
    public <R> R call(T request, Callable<R> work) throws Exception {
        check(request);
        return work.call();
    }

    /** Does the work if whoever asks has access, and else that which is done in its place. */
    public <R> R choose(T request, Supplier<R> work, Supplier<R> otherwise) {
        return allows(request) ? work.get() : otherwise.get();
    }

    static void check(FlagHandle flag, Subject subject) {
        if (!flag.isOpen(subject)) {
            throw new GateClosedException(flag.decide(subject));
        }
    }
}
