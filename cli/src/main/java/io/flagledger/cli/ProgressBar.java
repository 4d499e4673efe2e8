package io.flagledger.cli;

import io.flagledger.core.kafka.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Shows how far a read or an import has come, once it has taken a moment; nothing where nobody would see it. */
final class ProgressBar implements Progress, AutoCloseable {
    /** System property: whether the standard error is a terminal. The start script tells. */
    static final String TERMINAL = "ledger.tty.err";

    private static final Duration BEFORE_FIRST = Duration.ofSeconds(1);
    private static final Duration BETWEEN = Duration.ofMillis(100);
    private static final int WIDTH = 30;

    private final PrintWriter err;
    private final String doing;
    private final boolean seen;
    private final LongSupplier nanos;
    private final long started;
    private long shownAt;
    private boolean shown;

    ProgressBar(PrintWriter err) {
        this(err, "reading");
    }

    /**
     * @param doing what takes so long
     */
    ProgressBar(PrintWriter err, String doing) {
        this(err, doing, Boolean.getBoolean(TERMINAL), System::nanoTime);
    }

    ProgressBar(PrintWriter err, String doing, boolean seen, LongSupplier nanos) {
        this.err = err;
        this.doing = doing;
        this.seen = seen;
        this.nanos = nanos;
        this.started = nanos.getAsLong();
    }

    @Override
    public void read(long done, long total) {
        long now = nanos.getAsLong();
        if (!seen || total <= 0 || now - started < BEFORE_FIRST.toNanos()) {
            return;
        }
        if (shown && now - shownAt < BETWEEN.toNanos()) {
            return;
        }
        shown = true;
        shownAt = now;
        int full = (int) (WIDTH * done / total);
        err.print(String.format(
                Locale.ROOT,
                "\r%s %s%s %3d %%, %,d of %,d",
                doing,
                "█".repeat(full),
                "░".repeat(WIDTH - full),
                100 * done / total,
                done,
                total));
        err.flush();
    }

    /** Leaves the line as it was. */
    @Override
    public void close() {
        if (shown) {
            err.print("\r\u001b[K");
            err.flush();
            shown = false;
        }
    }
}
