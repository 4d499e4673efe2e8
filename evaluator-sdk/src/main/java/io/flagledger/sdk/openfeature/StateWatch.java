package io.flagledger.sdk.openfeature;

import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.Status;
import io.flagledger.sdk.Status.State;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells when flags become stale or ready, from what was said of them last. */
final class StateWatch {
    private static final long PERIOD_MILLIS = 100;

    private final FlagLedger flags;
    private final Consumer<Status> listener;
    private @Nullable Thread thread;

    StateWatch(FlagLedger flags, Consumer<Status> listener) {
        this.flags = flags;
        this.listener = listener;
    }

    /**
     * @param told what is believed of the flags so far
     */
    synchronized void start(State told) {
        stop();
        Thread watching = new Thread(() -> watch(told), "flag-ledger-openfeature");
        watching.setDaemon(true);
        watching.start();
        thread = watching;
    }

    synchronized void stop() {
        if (thread != null) {
            thread.interrupt();
            thread = null;
        }
    }

    private void watch(State told) {
        State last = told;
        try {
            while (true) {
                Status status = flags.status();
                State now = status.state() == State.CLOSED ? State.STALE : status.state();
                if (now != last && now != State.STARTING) {
                    listener.accept(status);
                    last = now;
                }
                Thread.sleep(PERIOD_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the provider is shut down
        }
    }
}
