package io.flagledger.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.json.LedgerJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "list", description = "List the flags of an environment, each below its parent.")
final class FlagListCommand implements Callable<Integer> {
    private final Session session;

    FlagListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        EnvironmentState state = Ledger.of(session).state();
        if (session.wantsJson()) {
            ObjectNode json = LedgerJson.object()
                    .put("environment", state.environment())
                    .put("sequence", state.sequence())
                    .put("at", LedgerJson.time(state.ledgerTime()));
            json.set(
                    "flags",
                    LedgerJson.array(state.flags().sortedValues().stream()
                            .map(flag -> LedgerJson.flag(state.environment(), flag))
                            .toList()));
            session.print(json);
            return Exit.DONE;
        }
        if (state.flags().size() == 0) {
            session.out()
                    .println("%s has no flags yet: make one with `ledger flag create KEY --reason \"…\"`"
                            .formatted(state.environment()));
            return Exit.DONE;
        }
        Table table = new Table(1, "FLAG", "STAGE", "KILL SWITCH", "REV", "LAST CHANGE", "BY");
        FlagTree.walk(state, (flag, depth, others) -> table.row(row(flag, depth, others)));
        session.print(table);
        return Exit.DONE;
    }

    private Table.Cell[] row(FlagState flag, int depth, String others) {
        Terminal terminal = session.terminal();
        boolean killed = flag.killSwitch() != KillSwitch.RELEASED;
        return new Table.Cell[] {
            new Table.Cell(
                    "  ".repeat(depth) + flag.key() + (others.isEmpty() ? "" : " (needs " + others + ")"),
                    flag.archived() ? terminal::faint : terminal::bold),
            Table.Cell.of(flag.archived() ? "archived" : Words.stage(flag.stage(), flag.percentage())),
            new Table.Cell(killed ? flag.killSwitch().name() : "-", killed ? terminal::bad : terminal::faint),
            Table.Cell.of(flag.lastChange().revision()),
            Table.Cell.of(EventTable.time(flag.lastChange().at())),
            Table.Cell.of(flag.lastChange().by())
        };
    }
}
