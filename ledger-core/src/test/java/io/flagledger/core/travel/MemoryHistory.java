package io.flagledger.core.travel;

import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.fold.Histories.History;
import io.flagledger.core.fold.MemoryLedger;
import java.util.List;

/** Histories of ledgers without Kafka, by the log alone. */
public final class MemoryHistory {
    private MemoryHistory() {}

    static LedgerHistory of(MemoryLedger ledger) {
        return of(ledger.state().environment(), ledger.events());
    }

    public static LedgerHistory of(History history) {
        return of(history.end().environment(), history.events());
    }

    static LedgerHistory of(String environment, List<Recorded> events) {
        return new ReplayedHistory(environment, visitor -> {
            EnvironmentState state = EnvironmentState.empty(environment);
            for (Recorded event : events) {
                EnvironmentState before = state;
                state = Fold.apply(before, event);
                if (!visitor.take(new Step(event.at(state.ledgerTime()), before, state))) {
                    return;
                }
            }
        });
    }
}
