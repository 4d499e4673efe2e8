package io.flagledger.projector;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Stage;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.fold.MemoryLedger;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes to a state topic that others have written to. */
final class PublicationTest {
    private static final String ENVIRONMENT = "gastown-test";

    private final MemoryLedger ledger = MemoryLedger.gastown()
            .accept(
                    FlagCreated.bool("gastown"),
                    FlagCreated.bool("convoys"),
                    StageMoved.to("gastown", Stage.ALLOWLIST),
                    StageMoved.to("convoys", Stage.ALLOWLIST));
    private final Map<String, Head> published = new HashMap<>();

    @TempDir
    private Path folder;

    @Test
    void whoIsBehindTheTopicSendsNothingUntilItHasComeAsFarAndThenEverything() {
        published.put(ENVIRONMENT, headAt(3));
        try (TopologyForTest topology = new TopologyForTest(folder, partition -> Map.copyOf(published))) {
            topology.pipe(ledger.events().subList(0, 2));
            assertThat(topology.written()).isEmpty();
            assertThat(topology.history().of(ENVIRONMENT).history("gastown")).hasSize(1);

            topology.pipe(ledger.events().subList(2, 3));
            assertThat(topology.written()).hasSize(3).last().isEqualTo(headAt(3));

            topology.pipe(ledger.events().subList(3, 4));
            assertThat(topology.written())
                    .containsExactly(new StateEntry.Flag(ENVIRONMENT, ledger.flag("convoys")), headAt(4));
        }
    }

    @Test
    void whoComesToWhereTheTopicWasButIsNoMoreGoesOnInSilence() {
        published.put(ENVIRONMENT, headAt(2));
        try (TopologyForTest topology = new TopologyForTest(folder, partition -> Map.copyOf(published))) {
            published.put(ENVIRONMENT, headAt(4));
            topology.pipe(ledger.events().subList(0, 3));
            assertThat(topology.written()).isEmpty();

            topology.pipe(ledger.events().subList(3, 4));
            assertThat(topology.written()).hasSize(3).last().isEqualTo(headAt(4));
        }
    }

    @Test
    void aTopicThatStandsElsewhereThanTheStoreIsToBeRepairedAndOneThatDoesNotIsNot() {
        published.put(ENVIRONMENT, headAt(3));

        assertThat(new Publication(partition -> published, 0, Map.of(ENVIRONMENT, headAt(3))).isToRepair(ENVIRONMENT))
                .isFalse();
        Publication ahead = new Publication(partition -> published, 0, Map.of(ENVIRONMENT, headAt(4)));
        assertThat(ahead.isToRepair(ENVIRONMENT)).isTrue();
        assertThat(ahead.next(headAt(4))).isEqualTo(Publication.Part.EVERYTHING);
        assertThat(ahead.isToRepair(ENVIRONMENT)).isFalse();
        assertThat(ahead.next(headAt(4))).isEqualTo(Publication.Part.CHANGES);
    }

    private Head headAt(int events) {
        EnvironmentState state = EnvironmentState.empty(ENVIRONMENT);
        for (var event : ledger.events().subList(0, events)) {
            state = Fold.apply(state, event);
        }
        return new Head(
                ENVIRONMENT,
                "events-id",
                state.sequence(),
                state.digest(),
                state.ledgerTime(),
                events - 1L,
                state.flags().size());
    }
}
