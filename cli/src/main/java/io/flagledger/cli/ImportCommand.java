package io.flagledger.cli;

import io.flagledger.core.command.Command;
import io.flagledger.core.command.Refusal;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.LastChange;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.kafka.AppendOptions;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.KafkaUnavailableException;
import io.flagledger.core.kafka.LedgerWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
        name = "import",
        description = {
            "Write the events of an export into an environment that has none, with their actors, reasons and change",
            "ids. The ledger time is that of the import. If it breaks off, give the same command again: it goes on."
        })
final class ImportCommand implements Callable<Integer> {
    private static final int MOST_NAMED = 10;

    private final Session session;

    @Parameters(paramLabel = "FILE", description = "what `ledger export` wrote")
    private Path file = Path.of("");

    ImportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        GlobalOptions options = session.options();
        if (options.reason != null
                || options.actor != null
                || options.changeId != null
                || options.expectRevision != null) {
            throw Complaint.usage(
                    "an import keeps who, why and the change ids: leave out --reason, --as, --change-id and --expect-revision");
        }
        EnvironmentState expected = ExportCheck.fold(file);
        Ledger ledger = Ledger.of(session);
        long before;
        try (LedgerWriter writer = ledger.writerOrNew();
                ExportFile events = ExportFile.open(file);
                ProgressBar bar = new ProgressBar(session.err(), "writing")) {
            before = skipWhatIsThere(ledger, events);
            long written = before;
            while (written < expected.sequence()) {
                written = appendBatch(ledger, writer, events);
                bar.read(written - before, expected.sequence() - before);
            }
        }
        tell(expected, ledger.state(), before);
        return Exit.DONE;
    }

    /** Passes over the events that the environment has already, which must be the first ones of the export. */
    private static long skipWhatIsThere(Ledger ledger, ExportFile events) {
        return ledger.read(there -> {
                    Event is = ExportCheck.comparable(there.recorded().event(), ledger.environment());
                    Recorded next = events.next();
                    if (next == null || !is.equals(ExportCheck.comparable(next.event(), ledger.environment()))) {
                        throw Complaint.refused(
                                "%s is not empty: its event %d (%s, by %s) is not that of the export. An export goes into an environment without events, or into one that holds its beginning: choose another with --environment"
                                        .formatted(
                                                ledger.environment(),
                                                is.sequence(),
                                                Text.oneLine(is.flag() + " " + Words.change(is.change(), null)),
                                                Text.oneLine(is.actor().toString())));
                    }
                })
                .sequence();
    }

    /** Appends the next batch and tells the sequence of its last event. */
    private static long appendBatch(Ledger ledger, LedgerWriter writer, ExportFile events) {
        Recorded next = Objects.requireNonNull(events.next(), "the file was read to its end before");
        Event first = next.event();
        List<Change> changes = new ArrayList<>(List.of(first.change()));
        while (next != null && next.event().batch().remaining() > 0) {
            next = events.next();
            if (next != null) {
                changes.add(next.event().change());
            }
        }
        Command command =
                new Command(first.changeId(), first.occurredAt(), first.actor(), first.reason(), changes, null);
        check(ledger, first, append(ledger, writer, command));
        return first.sequence() + changes.size() - 1;
    }

    private static AppendResult append(Ledger ledger, LedgerWriter writer, Command command) {
        try {
            return writer.append(ledger.environment(), command, AppendOptions.DEFAULT.timeout());
        } catch (KafkaUnavailableException e) {
            throw Complaint.unreachable(
                    e.getMessage() + "\ngive the same command again: it goes on where this stopped", e);
        }
    }

    private static void check(Ledger ledger, Event first, AppendResult result) {
        if (result instanceof AppendResult.Refused refused) {
            Refusal refusal = refused.refusal();
            throw Complaint.refused(
                    "the import stops before event %d of the export, which the rules of this version refuse (%s): %s\nthe events before it are in %s"
                            .formatted(first.sequence(), refusal.kind(), refusal.message(), ledger.environment()));
        }
        Recorded written = ((AppendResult.Accepted) result).events().get(0);
        if (written.event().sequence() != first.sequence()) {
            throw Complaint.refused(
                    "somebody else writes to %s: event %d of the export is its event %d. It is no copy any more: import into another environment"
                            .formatted(
                                    ledger.environment(),
                                    first.sequence(),
                                    written.event().sequence()));
        }
    }

    private void tell(EnvironmentState expected, EnvironmentState is, long before) {
        List<String> different = different(expected, is);
        if (!different.isEmpty() || expected.sequence() != is.sequence()) {
            throw Complaint.refused("%s is at sequence %d and the export ends at %d; flags that differ: %s"
                    .formatted(
                            is.environment(),
                            is.sequence(),
                            expected.sequence(),
                            different.isEmpty()
                                    ? "none"
                                    : String.join(", ", different.subList(0, Math.min(MOST_NAMED, different.size())))
                                            + (different.size() > MOST_NAMED ? " …" : "")));
        }
        boolean sameDigest = expected.digest().equals(is.digest());
        if (session.wantsJson()) {
            session.print(LedgerJson.object()
                    .put("environment", is.environment())
                    .put("imported", is.sequence() - before)
                    .put("thereBefore", before)
                    .put("sequence", is.sequence())
                    .put("flags", is.flags().size())
                    .put("equal", true)
                    .put("sameDigest", sameDigest));
            return;
        }
        session.out()
                .println("%s imported into %s%s %s"
                        .formatted(
                                Text.count(is.sequence() - before, "event"),
                                is.environment(),
                                before == 0 ? "" : ", where the first %d of the export were already".formatted(before),
                                session.terminal().faint("(sequence %d)".formatted(is.sequence()))));
        session.out()
                .println("its flags (%d) are equal to those of the export%s"
                        .formatted(
                                is.flags().size(),
                                sameDigest
                                        ? ", and so is the digest of the last event: its checkpoints hold here too (`ledger verify --copy`)"
                                        : ""));
    }

    private static List<String> different(EnvironmentState expected, EnvironmentState is) {
        TreeSet<String> keys = new TreeSet<>(expected.flags().sortedKeys());
        keys.addAll(is.flags().sortedKeys());
        return keys.stream()
                .filter(key -> !equal(expected.flags().get(key), is.flags().get(key)))
                .toList();
    }

    /** Whether two flags are the same in all but when they were last changed. */
    private static boolean equal(@Nullable FlagState one, @Nullable FlagState other) {
        if (one == null || other == null) {
            return false;
        }
        LastChange last = one.lastChange();
        LastChange otherLast = other.lastChange();
        return one.type() == other.type()
                && one.definition().equals(other.definition())
                && last.revision() == otherLast.revision()
                && last.sequence() == otherLast.sequence()
                && last.by().equals(otherLast.by())
                && last.reason().equals(otherLast.reason());
    }
}
