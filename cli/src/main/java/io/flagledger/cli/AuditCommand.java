package io.flagledger.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.json.Csv;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.kafka.EventRecord;
import io.flagledger.core.kafka.Reading;
import io.flagledger.core.travel.Cut;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "audit",
        description = {
            "Tell who changed what, when and why, over all flags, oldest first.",
            "T is " + CutChoice.FORMS + ". A time without a zone is a local one."
        })
final class AuditCommand implements Callable<Integer> {
    private static final Object[] COLUMNS = {
        "environment",
        "sequence",
        "ledgerTime",
        "flag",
        "revision",
        "actor",
        "actorKind",
        "onBehalfOf",
        "kind",
        "change",
        "reason",
        "changeId",
        "batchIndex",
        "batchSize",
        "occurredAt",
        "digest"
    };

    private final Session session;

    @Option(names = "--flag", paramLabel = "KEY", description = "only changes of this flag")
    private @Nullable String flag;

    @Option(names = "--actor", paramLabel = "ID", description = "only changes by this actor, or on their behalf")
    private @Nullable String actor;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            converter = KindChoice.class,
            completionCandidates = Kinds.class,
            description = "only this kind of change, such as StageMoved or stage-moved")
    private @Nullable String kind;

    @Option(
            names = "--since",
            paramLabel = "T",
            converter = CutChoice.class,
            description = "only changes from then on, that event included")
    private @Nullable Cut since;

    @Option(
            names = "--until",
            paramLabel = "T",
            converter = CutChoice.class,
            description = "only changes until then, that event included")
    private Cut until = Cut.now();

    @Option(
            names = "--format",
            paramLabel = "table|json|csv",
            converter = FormatChoice.class,
            completionCandidates = Formats.class,
            description = "how to print; otherwise as -o says")
    private @Nullable Format format;

    AuditCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        switch (Objects.requireNonNullElse(format, session.wantsJson() ? Format.JSON : Format.TABLE)) {
            case CSV -> csv();
            case JSON -> json();
            case TABLE -> table();
        }
        return Exit.DONE;
    }

    private void table() {
        Table table = new Table(2, "SEQ", "TIME", "FLAG", "REV", "ACTOR", "CHANGE", "REASON");
        List<Long> found = new ArrayList<>();
        each(record -> {
            found.add(record.sequence());
            Event event = record.recorded().event();
            table.row(
                    Table.Cell.of(event.sequence()),
                    Table.Cell.of(EventTable.time(record.recorded().appendedAt())),
                    Table.Cell.of(event.flag()),
                    Table.Cell.of(event.revision()),
                    Table.Cell.of(event.actor()),
                    Table.Cell.of(Words.change(event.change(), record.flagBefore())),
                    Table.Cell.of(event.reason()));
        });
        if (found.isEmpty()) {
            session.out().println("no such change in " + session.environment());
        } else {
            session.print(table);
        }
    }

    private void json() {
        ObjectNode json = LedgerJson.object().put("environment", session.environment());
        ArrayNode events = json.putArray("events");
        each(record -> events.add(LedgerJson.event(record.recorded())));
        session.print(json);
    }

    /** Line by line as it is read, since a file may be longer than the memory. */
    private void csv() {
        session.out().println(Csv.line(COLUMNS));
        each(record -> {
            Recorded recorded = record.recorded();
            Event event = recorded.event();
            session.out()
                    .println(Csv.line(
                            event.environment(),
                            event.sequence(),
                            LedgerJson.time(recorded.appendedAt()),
                            event.flag(),
                            event.revision(),
                            event.actor().id(),
                            event.actor().kind(),
                            Objects.requireNonNullElse(event.actor().onBehalfOf(), ""),
                            LedgerJson.kind(event.change()),
                            Words.change(event.change(), record.flagBefore()),
                            event.reason(),
                            event.changeId(),
                            event.batch().index(),
                            event.batch().size(),
                            LedgerJson.time(event.occurredAt()),
                            recorded.digest()));
        });
    }

    private void each(Consumer<EventRecord> action) {
        Reading wanted = Reading.ALL;
        if (since instanceof Cut.AtSequence at) {
            wanted = wanted.from(at.sequence());
        } else if (since instanceof Cut.AtTime at) {
            wanted = wanted.since(at.time());
        }
        Ledger.of(session).read(wanted, event -> {
            boolean goesOn = until.includes(event.after());
            if (goesOn && matches(event.recorded().event())) {
                action.accept(event);
            }
            return goesOn;
        });
    }

    private boolean matches(Event event) {
        return (flag == null || flag.equals(event.flag()))
                && (actor == null
                        || actor.equals(event.actor().id())
                        || actor.equals(event.actor().onBehalfOf()))
                && (kind == null || kind.equals(LedgerJson.kind(event.change())));
    }

    enum Format {
        TABLE,
        JSON,
        CSV
    }

    /** Takes {@code StageMoved}, and as well {@code stage-moved}. */
    static final class KindChoice implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            return LedgerJson.kinds().stream()
                    .filter(kind -> kind.equalsIgnoreCase(text.replace("-", "")))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "'%s' is none of %s".formatted(Text.oneLine(text), String.join(", ", LedgerJson.kinds()))));
        }
    }

    static final class Kinds extends ArrayList<String> {
        Kinds() {
            super(LedgerJson.kinds());
        }
    }

    static final class FormatChoice implements ITypeConverter<Format> {
        @Override
        public Format convert(String text) {
            return Choices.read(text, List.of(Format.values()));
        }
    }

    static final class Formats extends ArrayList<String> {
        Formats() {
            super(Choices.words(List.of(Format.values())));
        }
    }
}
