package io.flagledger.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.kafka.EventRecord;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "export",
        description = {
            "Write all events of an environment to standard output, one JSON a line, oldest first.",
            "The first line says what it is. `ledger import` takes it back."
        })
final class ExportCommand implements Callable<Integer> {
    private static final int EVENTS_BETWEEN_CHECKS = 1_000;

    private final Session session;

    @Option(
            names = "--since-sequence",
            paramLabel = "N",
            description = "only the events after this one, to be added to an export that ends with it")
    private long since;

    ExportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (since < 0) {
            throw Complaint.usage("--since-sequence is the sequence of an event, or 0 for all");
        }
        Ledger ledger = Ledger.of(session);
        ExportFile.Header header = new ExportFile.Header(ledger.environment(), ledger.requireExistence(), since);
        Lines lines = new Lines(header);
        EnvironmentState state = ledger.read(lines::take);
        if (state.sequence() == 0) {
            throw Complaint.refused("%s has no events to export".formatted(ledger.environment()));
        }
        if (state.sequence() < since) {
            throw Complaint.refused(
                    "%s has no event %d, only 1 to %d".formatted(ledger.environment(), since, state.sequence()));
        }
        lines.end();
        return Exit.DONE;
    }

    /** Writes one line after the other and keeps none. */
    private final class Lines {
        private final ExportFile.Header header;
        private long written;

        Lines(ExportFile.Header header) {
            this.header = header;
        }

        void take(EventRecord event) {
            if (event.recorded().event().sequence() <= since) {
                return;
            }
            start();
            print(LedgerJson.event(event.recorded()));
            if (++written % EVENTS_BETWEEN_CHECKS == 0) {
                check();
            }
        }

        void end() {
            start();
            check();
        }

        private void start() {
            if (written == 0) {
                print(header.json());
            }
        }

        // A line feed on every platform, and no flush behind every line.
        private void print(JsonNode line) {
            session.out().print(LedgerJson.print(line) + "\n");
        }

        private void check() {
            if (session.out().checkError()) {
                throw Complaint.refused("the export could not be written whole: what is there of it is of no use");
            }
        }
    }
}
