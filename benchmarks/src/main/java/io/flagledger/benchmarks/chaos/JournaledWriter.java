package io.flagledger.benchmarks.chaos;

import io.flagledger.core.event.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends one command after the other and writes down what came of each. Goes on where its journal ends, and repeats the
 * command whose outcome is not in there under the same change id. Ends when the folder holds a file {@value #ENDING}.
 */
final class JournaledWriter {
    static final String ENDING = "ending";

    /** The position of a refusal whose answer does not say at which it was refused. */
    static final long NOT_TOLD = -1;

    /** What one writer does, to its end. */
    interface Work {
        void of(int writer) throws Exception;
    }

    /** Lets so many writers work side by side, and returns when all have come to their end. */
    static void all(int first, int count, Work work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Callable<@Nullable Void>> writers = IntStream.range(first, first + count)
                    .<Callable<@Nullable Void>>mapToObj(writer -> () -> {
                        work.of(writer);
                        return null;
                    })
                    .toList();
            for (Future<@Nullable Void> ended : threads.invokeAll(writers)) {
                ended.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** To whom commands are sent. */
    interface Ledger {
        /**
         * Sends one command, and returns when its outcome is known.
         *
         * @param expectedRevision null if none is expected
         * @throws UnknownOutcomeException if nobody knows what came of it
         */
        Outcome append(String changeId, List<Change> changes, @Nullable Long expectedRevision)
                throws UnknownOutcomeException;
    }

    /**
     * What came of a command.
     *
     * @param position of its last event, or at which it was refused; {@link #NOT_TOLD} if the answer does not say so
     * @param detail whether it was there already, or the kind of refusal
     * @param revisions of flags, as far as the answer told them
     */
    record Outcome(boolean isAccepted, long position, String detail, Map<String, Long> revisions) {}

    /** The command may be done or not. */
    static final class UnknownOutcomeException extends Exception {
        private static final long serialVersionUID = 1L;

        UnknownOutcomeException(@Nullable String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private final Path folder;
    private final int writer;
    private final Commands commands;
    private final int changes;
    private final long paceNanos;

    /**
     * @param changes how many commands there are
     * @param paceNanos what passes from one to the next at least
     */
    JournaledWriter(Path folder, int writer, Commands commands, int changes, long paceNanos) {
        this.folder = folder;
        this.writer = writer;
        this.commands = commands;
        this.changes = changes;
        this.paceNanos = paceNanos;
    }

    void write(Ledger ledger) throws IOException {
        int next = 0;
        String expected = null;
        for (Journal.Line line : Journal.read(folder, writer)) {
            boolean open = line.kind() == Journal.Kind.SENT || line.kind() == Journal.Kind.UNKNOWN;
            next = open ? line.number() : line.number() + 1;
            expected = !open ? null : line.kind() == Journal.Kind.SENT ? line.detail() : expected;
        }
        Map<String, Long> revisions = new HashMap<>();
        try (Journal journal = Journal.open(folder, writer)) {
            for (int number = next; number < changes && (expected != null || !isEnding()); number++) {
                List<Change> what = commands.changes(writer, number);
                long revision = expected != null
                        ? Long.parseLong(expected)
                        : commands.expectsRevision(writer, number)
                                ? revisions.getOrDefault(what.get(0).flag(), 1L)
                                : -1;
                expected = null;
                LockSupport.parkNanos(paceNanos);
                while (!send(ledger, journal, number, what, revision, revisions)) {
                    // the same again, under the same change id
                }
            }
        }
    }

    private boolean isEnding() {
        return Files.exists(folder.resolve(ENDING));
    }

    private boolean send(
            Ledger ledger, Journal journal, int number, List<Change> what, long revision, Map<String, Long> revisions) {
        journal.write(Journal.Kind.SENT, number, -1, Long.toString(revision));
        try {
            Outcome outcome =
                    ledger.append(WriterProcess.changeId(writer, number), what, revision < 0 ? null : revision);
            journal.write(
                    outcome.isAccepted() ? Journal.Kind.ACCEPTED : Journal.Kind.REFUSED,
                    number,
                    outcome.position(),
                    outcome.detail());
            revisions.putAll(outcome.revisions());
            return true;
        } catch (UnknownOutcomeException e) {
            journal.write(Journal.Kind.UNKNOWN, number, -1, String.valueOf(e.getMessage()));
            return false;
        }
    }
}
