package io.flagledger.sdk;

import java.time.Duration;

/** The thread that sees time pass, even where the one that follows hangs. */
final class Watch {
    private static final Duration TICK = Duration.ofMillis(250);

    private final Views views;
    private final Health health;
    private final Thread thread;

    Watch(String environment, Views views, Health health) {
        this.views = views;
        this.health = health;
        thread = new Thread(this::run, "flag-ledger-watch-" + environment);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!health.isClosed()) {
                views.judge(health);
                long left = health.untilNextChange();
                views.await(health::isClosed, left > 0 ? Duration.ofNanos(left) : TICK);
            }
            views.judge(health);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
