package io.flagledger.sdk;

import io.flagledger.sdk.Status.State;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that listeners are called on; there is one as soon as somebody listens. */
final class Notifier {
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.evaluator");
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final Views views;
    private final Health health;
    private final Supplier<Status> status;
    private final List<Consumer<Status>> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private State told;
    private boolean started;

    Notifier(String environment, Views views, Health health, Supplier<Status> status) {
        this.views = views;
        this.health = health;
        this.status = status;
        this.told = health.state();
        thread = new Thread(this::run, "flag-ledger-listeners-" + environment);
        thread.setDaemon(true);
    }

    Runnable onChange(Consumer<FlagsChanged> listener) {
        views.listen(listener);
        start();
        return () -> views.unlisten(listener);
    }

    Runnable onStatus(Consumer<Status> listener) {
        listeners.add(listener);
        start();
        return () -> listeners.remove(listener);
    }

    private synchronized void start() {
        if (!started) {
            started = true;
            told = health.state();
            thread.start();
        }
    }

    private void run() {
        try {
            while (told != State.CLOSED) {
                views.await(() -> views.hasUntold() || health.state() != told, FOR_EVER);
                State now =
                        health.state(); // before the flags are told: who hears of READY has heard of all that led to it
                views.tell(this::call);
                if (now != told) {
                    told = now;
                    Status known = status.get();
                    listeners.forEach(listener -> call(() -> listener.accept(known)));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void call(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException | Error e) { // an assertion of theirs must not keep others from hearing
            log.warn("a listener failed at sequence {}", views.known().state().sequence(), e);
        }
    }
}
