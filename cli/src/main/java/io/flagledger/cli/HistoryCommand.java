package io.flagledger.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.json.LedgerJson;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "history", description = "Tell everything that happened to a flag, oldest first.")
final class HistoryCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "KEY", description = "the flag")
    private String key = "";

    HistoryCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<Recorded> events = new ArrayList<>();
        List<@Nullable FlagState> after = new ArrayList<>();
        EnvironmentState state = Ledger.of(session).read(event -> {
            if (event.recorded().event().flag().equals(key)) {
                events.add(event.recorded());
                after.add(event.after().flags().get(key));
            }
        });
        Ledger.flag(state, key);
        if (session.wantsJson()) {
            ObjectNode json = LedgerJson.object().put("flag", key);
            ArrayNode list = json.putArray("events");
            events.forEach(event -> list.add(LedgerJson.event(event)));
            session.print(json);
            return Exit.DONE;
        }
        EventTable table = new EventTable(session.terminal());
        for (int i = 0; i < events.size(); i++) {
            table.add(events.get(i), i == 0 ? null : after.get(i - 1));
        }
        session.print(table.table());
        return Exit.DONE;
    }
}
