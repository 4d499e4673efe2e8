package io.flagledger.cli;

import io.flagledger.core.fold.FlagState;
import io.flagledger.core.json.TravelJson;
import io.flagledger.core.travel.Cut;
import io.flagledger.core.travel.Difference;
import io.flagledger.core.travel.EnvironmentDiff;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "diff",
        description = {
            "Tell what differs between two times, flag by flag and field by field.",
            "T1 and T2 are " + CutChoice.FORMS + ". A time without a zone is a local one."
        })
final class DiffCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "T1", converter = CutChoice.class, description = "the one time")
    private Cut from = Cut.now();

    @Parameters(
            index = "1",
            paramLabel = "T2",
            arity = "0..1",
            converter = CutChoice.class,
            description = "the other; now if it is left out")
    private Cut to = Cut.now();

    DiffCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        EnvironmentDiff diff = Ledger.of(session).ask(history -> history.diff(from, to));
        if (session.wantsJson()) {
            session.print(TravelJson.diff(diff));
            return Exit.DONE;
        }
        String between = "%s → %s".formatted(AtCommand.position(diff.from()), AtCommand.position(diff.to()));
        if (diff.isEmpty()) {
            session.out().println("nothing differs: " + between);
            return Exit.DONE;
        }
        session.out().println(between);
        Table table = new Table(2, "FLAG", "FIELD", "BEFORE", "AFTER");
        diff.flags().forEach(flag -> add(table, flag));
        session.print(table);
        return Exit.DONE;
    }

    private void add(Table table, EnvironmentDiff.FlagDiff flag) {
        Terminal terminal = session.terminal();
        Table.Cell name = new Table.Cell(flag.flag(), terminal::bold);
        if (flag.differences().isEmpty()) {
            Table.Cell kind = Table.Cell.of(flag.kind().name().toLowerCase(Locale.ROOT));
            table.row(name, kind, Table.Cell.of(brief(flag.before())), Table.Cell.of(brief(flag.after())));
        }
        for (Difference difference : flag.differences()) {
            DifferenceWords words = DifferenceWords.of(difference);
            table.row(
                    name,
                    Table.Cell.of(difference.field()),
                    new Table.Cell(words.before(), terminal::bad),
                    new Table.Cell(words.after(), terminal::good));
            name = Table.Cell.of("");
        }
    }

    private static String brief(@Nullable FlagState flag) {
        return flag == null
                ? "-"
                : flag.type() + " at " + (flag.archived() ? "archived" : Words.stage(flag.stage(), flag.percentage()));
    }
}
