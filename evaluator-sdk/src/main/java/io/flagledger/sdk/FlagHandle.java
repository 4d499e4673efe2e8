package io.flagledger.sdk;

import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.CompiledFlag;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import org.jspecify.annotations.Nullable;

/**
 * One flag, looked up once for each position and not for each question: for hot paths. Follows the flag through all its
 * changes. Any number of threads may use it.
 */
public final class FlagHandle {
    private final String key;
    private final Views views;
    // Read and written without a lock: whichever thread wins, what it wrote is right for the view it names.
    private volatile Resolved resolved;

    FlagHandle(String key, Views views) {
        this.key = key;
        this.views = views;
        this.resolved = resolve(views.current());
    }

    public String key() {
        return key;
    }

    /** Whether the subject has access; false for an unknown flag. */
    public boolean isOpen(Subject subject) {
        CompiledEnvironment current = views.current();
        Resolved known = resolved;
        if (known.view != current) {
            known = resolve(current);
            resolved = known;
        }
        return known.flag != null && known.flag.isOpen(subject);
    }

    /** The answer with everything that led to it. */
    public Decision decide(Subject subject) {
        return views.current().decide(key, subject, views.isStale());
    }

    private Resolved resolve(CompiledEnvironment view) {
        return new Resolved(view, view.flag(key));
    }

    private record Resolved(
            CompiledEnvironment view, @Nullable CompiledFlag flag) {}
}
