package io.flagledger.core.kafka;

import java.util.List;

/** What is behind an exception. */
final class Causes {
    private Causes() {}

    /** Whether the exception or anything that caused it is of one of these kinds. */
    static boolean areAny(Throwable thrown, List<? extends Class<? extends Throwable>> kinds) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            for (Class<? extends Throwable> kind : kinds) {
                if (kind.isInstance(cause)) {
                    return true;
                }
            }
        }
        return false;
    }
}
