package io.flagledger.embedded;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Work that an interrupt of its caller must not reach. */
final class OwnThread {
    private OwnThread() {}

    /** Returns, or throws, what the work did, and only then. An interrupt that comes meanwhile is kept for the caller. */
    static void run(String name, Runnable work) {
        FutureTask<Void> task = new FutureTask<>(work, null);
        new Thread(task, name).start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    task.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            // Scala throws checked exceptions that it does not declare
            throw new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
