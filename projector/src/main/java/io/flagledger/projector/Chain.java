package io.flagledger.projector;

import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.Fold;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A flag as the store keeps it at some position: its newest whole copy, and the events since then.
 *
 * @param copy null if there is none
 * @param since oldest first, as they are stored
 */
record Chain(@Nullable FlagState copy, List<byte[]> since) {
    /*
     * A copy at each revision would make a big flag's past as large as its size times its revisions; none would make a
     * question as long as its past. So a copy is due when the events since the last one have grown as large as a copy,
     * which at most doubles what is stored, and after some number of events, which bounds the question. A small flag is
     * then copied at nearly each revision, and a big one about every thirtieth.
     */
    private static final int LONGEST = 32;

    /** Whether a copy of this size is to be written after so many events of this size altogether. */
    static boolean copyIsDue(int events, long eventBytes, long copyBytes) {
        return events >= LONGEST || eventBytes >= copyBytes;
    }

    long bytes() {
        return since.stream().mapToLong(event -> event.length).sum();
    }

    /** The flag; null if nothing has happened to it yet. */
    @Nullable
    FlagState fold() {
        FlagState flag = copy;
        for (byte[] event : since) {
            Recorded recorded = StoredEvent.read(event);
            flag = Fold.apply(flag, recorded);
        }
        return flag;
    }
}
