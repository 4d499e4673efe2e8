package io.flagledger.sdk;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that keeps the snapshot file close behind what is known. */
final class SnapshotKeeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.evaluator");

    /** Between two files, however fast flags change. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** For how long a file may say that it was current earlier than it was. */
    private static final Duration REFRESH = Duration.ofMinutes(1);

    private static final Duration LAST_WRITE = Duration.ofSeconds(5);

    private final Path file;
    private final Follower follower;
    private final Views views;
    private final Health health;
    private final Thread thread;
    private volatile boolean ending;
    private @Nullable Snapshot saved;
    private boolean failed;

    SnapshotKeeper(Path file, String environment, Follower follower, Views views, Health health) {
        this.file = file;
        this.follower = follower;
        this.views = views;
        this.health = health;
        thread = new Thread(this::run, "flag-ledger-snapshot-" + environment);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!ending) {
                views.await(() -> ending || isBehind(), REFRESH);
                if (!ending) {
                    save();
                    views.await(() -> ending, PAUSE);
                }
            }
            save();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("ReferenceEquality") // each position is an object of its own
    private boolean isBehind() {
        return follower.position() != saved;
    }

    private void save() {
        Snapshot position = follower.position();
        if (position == null) {
            return; // Kafka has not been caught up with, so whatever the file says is no worse
        }
        try {
            new Snapshot(position.ledgerId(), position.state(), position.eventOffset(), health.asOf()).write(file);
            failed = false;
            health.saving(null);
        } catch (IOException | RuntimeException e) {
            String why = "the snapshot %s can't be written: %s".formatted(file, e);
            health.saving(why);
            if (!failed) {
                failed = true;
                log.warn("{}; it is tried again", why);
            }
        }
        saved = position; // after a failure as well: the next change or minute brings the next attempt
    }

    /** To be called when nothing is followed any more. Returns when the last file is written, or takes too long. */
    @Override
    public void close() {
        ending = true;
        views.signal();
        try {
            thread.join(LAST_WRITE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
