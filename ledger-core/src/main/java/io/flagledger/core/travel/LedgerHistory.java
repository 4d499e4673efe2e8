package io.flagledger.core.travel;

import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.fold.EnvironmentState;
import java.util.List;

/**
 * What can be asked about the past of one environment. Each answer is of one consistent cut and says which; whoever
 * answers, from the log alone or from a store, gives the same one.
 */
public interface LedgerHistory {

    /**
     * All flags as they were.
     *
     * @throws NoSuchPositionException if the ledger ends before the cut
     */
    EnvironmentState at(Cut cut);

    /**
     * What differs between two cuts. The first may be the later one.
     *
     * @throws NoSuchPositionException if the ledger ends before one of them
     */
    EnvironmentDiff diff(Cut from, Cut to);

    /** Every revision of a flag, oldest first; none if there never was such a flag. */
    List<Revision> history(String flag);

    /** When the subject had access to the flag, and which event began and ended it. */
    Timeline timeline(String flag, Subject subject);

    /**
     * The answer that an evaluator gave when it stood at the cut.
     *
     * @throws NoSuchPositionException if the ledger ends before the cut
     */
    Decision decisionAt(String flag, Subject subject, Cut cut);
}
