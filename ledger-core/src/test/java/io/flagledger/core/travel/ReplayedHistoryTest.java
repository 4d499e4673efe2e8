package io.flagledger.core.travel;

import io.flagledger.core.fold.MemoryLedger;

final class ReplayedHistoryTest extends LedgerHistoryContract {
    @Override
    protected LedgerHistory travel(MemoryLedger through) {
        return MemoryHistory.of(through);
    }
}
