package io.flagledger.cli;

import io.flagledger.core.event.Event;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.kafka.EventRecord;
import io.flagledger.core.kafka.KafkaUnavailableException;
import io.flagledger.core.kafka.LedgerTail;
import io.flagledger.core.kafka.Reading;
import io.flagledger.core.travel.Cut;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "watch",
        description = {
            "Tell each change as it happens, until Ctrl-C. With -o json, one object a line.",
            "T is " + CutChoice.FORMS + ". A time without a zone is a local one."
        })
final class WatchCommand implements Callable<Integer> {
    private static final Duration WAIT = Duration.ofSeconds(5);

    private final Session session;

    @Option(names = "--flag", paramLabel = "KEY", description = "only changes of this flag")
    private @Nullable String flag;

    @Option(
            names = "--since",
            paramLabel = "T",
            converter = CutChoice.class,
            description = "first the changes since then, that event included; otherwise only those to come")
    private Cut since = Cut.now();

    @Option(names = "--count", paramLabel = "N", description = "end after so many changes")
    private long count = Long.MAX_VALUE;

    WatchCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (count < 1) {
            throw Complaint.usage("--count is a number from 1 on, but was " + count);
        }
        Ledger ledger = Ledger.of(session);
        long left = count;
        try (LedgerTail tail = ledger.follow(toCome(ledger))) {
            boolean silent = false;
            while (left > 0) {
                try {
                    for (EventRecord event : tail.poll(WAIT)) {
                        if (left > 0 && matches(event)) {
                            session.out().println(line(event));
                            left--;
                        }
                    }
                    silent = false;
                } catch (KafkaUnavailableException e) {
                    if (!silent) {
                        session.err()
                                .println(session.terminal()
                                        .bad(Text.oneLine(e.getMessage() + "; waiting for it to come back")));
                    }
                    silent = true;
                }
            }
        } catch (InterruptException e) {
            Thread.currentThread().interrupt();
        }
        return Exit.DONE;
    }

    /** Where to begin: behind the events so far, unless some of them are asked for. */
    private Reading toCome(Ledger ledger) {
        if (since instanceof Cut.AtSequence at) {
            ledger.requireExistence();
            return Reading.ALL.from(at.sequence());
        }
        if (since instanceof Cut.AtTime at) {
            ledger.requireExistence();
            return Reading.ALL.since(at.time());
        }
        EventRecord[] last = new EventRecord[1];
        ledger.read(event -> last[0] = event);
        return last[0] == null ? Reading.ALL : Reading.ALL.after(last[0]);
    }

    private boolean matches(EventRecord event) {
        return flag == null || flag.equals(event.flag());
    }

    private String line(EventRecord recorded) {
        Event event = recorded.recorded().event();
        if (session.wantsJson()) {
            return LedgerJson.print(LedgerJson.event(recorded.recorded()));
        }
        Terminal terminal = session.terminal();
        return "%s %s %s: %s %s"
                .formatted(
                        terminal.faint("#%d %s"
                                .formatted(
                                        event.sequence(),
                                        EventTable.time(recorded.recorded().appendedAt()))),
                        Text.oneLine(event.actor().toString()),
                        terminal.bold(event.flag()),
                        Text.oneLine(Words.change(event.change(), recorded.flagBefore())),
                        terminal.faint("(" + Text.oneLine(event.reason()) + ")"));
    }
}
