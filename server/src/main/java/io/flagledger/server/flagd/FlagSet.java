package io.flagledger.server.flagd;

import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.sdk.FlagLedger;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The flags of one environment as they are sent, and those who are sent them. Any number of threads may use it. */
final class FlagSet {
    private final FlagLedger flags;
    private final Set<SyncStream> streams = ConcurrentHashMap.newKeySet();
    private long sequence = -1;
    private SyncResponse made = SyncResponse.EMPTY;

    FlagSet(FlagLedger flags) {
        this.flags = flags;
    }

    /** The flags as they are; made anew only when an event has come, and the same object as before if that changed nothing. */
    synchronized SyncResponse current() {
        EnvironmentState state = flags.state();
        if (state.sequence() != sequence) {
            made = SyncResponse.of(LedgerJson.print(FlagdExport.of(state)));
            sequence = state.sequence();
        }
        return made;
    }

    Set<SyncStream> streams() {
        return streams;
    }

    /** Sends everybody the flags as they are. */
    void push() {
        SyncResponse current = current();
        streams.forEach(stream -> stream.offer(current));
    }
}
