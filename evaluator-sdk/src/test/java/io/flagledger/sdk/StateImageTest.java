package io.flagledger.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Stage;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.MemoryLedger;
import org.junit.jupiter.api.Test;

final class StateImageTest {
    private final MemoryLedger ledger = MemoryLedger.gastown();
    private final StateImage image = new StateImage("gastown-test", "events-id");

    @Test
    void whatTwoProjectorsMixedIsNotBelievedAndTheWholeIs() {
        ledger.accept(FlagCreated.bool("a"), FlagCreated.bool("b"));
        FlagState olderA = ledger.flag("a");
        ledger.accept(StageMoved.to("a", Stage.ALLOWLIST), StageMoved.to("b", Stage.ALLOWLIST));
        EnvironmentState empty = EnvironmentState.empty("gastown-test");

        // One has sent everything; another, behind, has written over flag a; then the one went on with b.
        take(olderA, ledger.flag("b"));
        assertThat(image.over(empty)).isNull();

        take(ledger.flag("a"));
        assertThat(image.over(empty)).isEqualTo(ledger.state());
    }

    private void take(FlagState... flags) {
        for (FlagState flag : flags) {
            image.take(new StateEntry.Flag("gastown-test", flag));
        }
        EnvironmentState end = ledger.state();
        image.take(new Head("gastown-test", "events-id", end.sequence(), end.digest(), end.ledgerTime(), 3, 2));
    }
}
