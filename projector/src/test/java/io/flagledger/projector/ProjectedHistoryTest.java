package io.flagledger.projector;

import io.flagledger.core.fold.MemoryLedger;
import io.flagledger.core.travel.LedgerHistory;
import io.flagledger.core.travel.LedgerHistoryContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class ProjectedHistoryTest extends LedgerHistoryContract {
    @TempDir
    private Path folder;

    private TopologyForTest topology;

    @BeforeEach
    void open() {
        topology = new TopologyForTest(folder);
    }

    @AfterEach
    void close() {
        topology.close();
    }

    @Override
    protected LedgerHistory travel(MemoryLedger through) {
        topology.pipe(through.events()); // those from before are mirrored duplicates to it
        return topology.history().of(through.state().environment());
    }
}
