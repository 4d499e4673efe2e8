package io.flagledger.core.travel;

import io.flagledger.core.fold.EnvironmentState;

/** Finds the state at a cut among the states that a ledger went through, oldest first. */
final class CutSearch {
    private final Cut cut;
    private EnvironmentState found;
    private long last;

    CutSearch(String environment, Cut cut) {
        this.cut = cut;
        this.found = EnvironmentState.empty(environment);
    }

    /** Looks at the next state, and says whether those after it may matter. */
    boolean take(EnvironmentState after) {
        if (!cut.includes(after)) {
            return false;
        }
        last = after.sequence();
        if (after.isWhole()) {
            found = after;
        }
        return !(cut instanceof Cut.AtSequence at && at.sequence() == last);
    }

    /**
     * The state at the cut, once all states were looked at that may matter.
     *
     * @throws NoSuchPositionException if the ledger ends before the cut
     */
    EnvironmentState found() {
        if (cut instanceof Cut.AtSequence at && at.sequence() > last) {
            throw new NoSuchPositionException(found.environment(), at.sequence(), last);
        }
        return found;
    }
}
