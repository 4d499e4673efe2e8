package io.flagledger.cli;

import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;

/** All flags of a state, one below the other, each below its parent. */
record FlagsTable(Session session) {

    void print(EnvironmentState state) {
        Table table = new Table(1, "FLAG", "STAGE", "KILL SWITCH", "REV", "LAST CHANGE", "BY");
        FlagTree.walk(state, (flag, depth, others) -> table.row(row(flag, depth, others)));
        session.print(table);
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
