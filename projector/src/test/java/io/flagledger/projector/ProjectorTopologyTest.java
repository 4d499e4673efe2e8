package io.flagledger.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Stage;
import io.flagledger.core.fold.MemoryLedger;
import io.flagledger.core.travel.Cut;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProjectorTopologyTest {
    private final MemoryLedger ledger = MemoryLedger.gastown();

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

    @Test
    void theShapeIsPinned() {
        assertThat(ProjectorTopology.build(
                                TopologyForTest.TOPICS,
                                TopologyForTest.LEDGER,
                                TopologyForTest.UNUSED,
                                partition -> Map.of(),
                                topology.watchers())
                        .describe()
                        .toString())
                .isEqualToIgnoringWhitespace("""
                        Topologies:
                           Sub-topology: 0
                            Source: read-events (topics: [flag-ledger.events])
                              --> fold
                            Processor: fold (stores: [ledger])
                              --> write-state
                              <-- read-events
                            Sink: write-state (topic: flag-ledger.state)
                              <-- fold
                        """);
    }

    @Test
    void eachBatchYieldsItsFlagsAndThenTheHead() {
        ledger.batch(
                FlagCreated.bool("gastown"), FlagCreated.bool("convoys"), StageMoved.to("convoys", Stage.ALLOWLIST));
        topology.pipe(ledger.events());

        assertThat(topology.written())
                .containsExactly(
                        new StateEntry.Flag("gastown-test", ledger.flag("convoys")),
                        new StateEntry.Flag("gastown-test", ledger.flag("gastown")),
                        new Head(
                                "gastown-test",
                                "events-id",
                                3,
                                ledger.state().digest(),
                                ledger.state().ledgerTime(),
                                2,
                                2));
        assertThat(topology.heads).extracting(Head::sequence).containsExactly(3L);
    }

    @Test
    void halfABatchYieldsNothingAndIsKept() {
        ledger.accept(FlagCreated.bool("gastown"));
        ledger.batch(FlagCreated.bool("convoys"), StageMoved.to("gastown", Stage.ALLOWLIST));
        topology.pipe(ledger.events().subList(0, 2));

        assertThat(topology.heads).extracting(Head::sequence).containsExactly(1L);
        assertThat(topology.store().get(StoreKeys.event("gastown-test", 2))).isNotNull();
    }

    @Test
    void whatWasHalfABatchBeforeARestartIsTakenUpAgain() {
        ledger.accept(FlagCreated.bool("gastown"));
        ledger.batch(FlagCreated.bool("convoys"), StageMoved.to("gastown", Stage.ALLOWLIST));
        topology.pipe(ledger.events().subList(0, 2));
        List<KeyValue<Bytes, byte[]>> kept = topology.entries();
        Head shown = topology.heads.get(0);

        close();
        topology = new TopologyForTest(folder, partition -> Map.of("gastown-test", shown));
        kept.forEach(entry -> topology.store().put(entry.key, entry.value));
        topology.pipe(ledger.events().subList(2, 3));

        assertThat(topology.history().of("gastown-test").history("convoys")).hasSize(1);
        assertThat(topology.history().of("gastown-test").at(Cut.now())).isEqualTo(ledger.state());
        assertThat(topology.written())
                .contains(
                        new StateEntry.Flag("gastown-test", ledger.flag("convoys")),
                        new StateEntry.Flag("gastown-test", ledger.flag("gastown")));
    }

    @Test
    void aMirroredDuplicateChangesNothing() {
        ledger.accept(FlagCreated.bool("gastown"));
        topology.pipe(ledger.events());
        topology.pipe(ledger.events());

        assertThat(topology.heads).hasSize(1);
        assertThat(topology.stopped("gastown-test")).isEmpty();
    }

    @Test
    void whatCannotBeReadStopsItsEnvironmentLoudlyAndNoOther() {
        MemoryLedger other = new MemoryLedger("staging").accept(FlagCreated.bool("gastown"));
        ledger.accept(FlagCreated.bool("gastown"), StageMoved.to("gastown", Stage.ALLOWLIST));
        topology.pipe(ledger.events().subList(0, 1));
        topology.pipe("gastown-test", 2, "no event".getBytes(StandardCharsets.UTF_8));
        topology.pipe(ledger.events().subList(1, 2));
        topology.pipe(other.events());

        assertThat(topology.heads)
                .extracting(Head::environment, Head::sequence)
                .containsExactly(tuple("gastown-test", 1L), tuple("staging", 1L));
        assertThat(topology.stopped("gastown-test"))
                .get()
                .asString()
                .startsWith(
                        "gastown-test stops at offset 1 of flag-ledger.events: this version of Flag Ledger can't read");
    }

    @Test
    void aDeletedEventStopsItsEnvironmentAndNoOther() {
        ledger.accept(FlagCreated.bool("gastown"));
        topology.pipe(ledger.events());
        delete("gastown-test", 2);
        delete("gastown-test", 1); // deleted after it was folded: of no concern here
        topology.pipe(
                new MemoryLedger("staging").accept(FlagCreated.bool("gastown")).events());

        assertThat(topology.heads).extracting(Head::environment).containsExactly("gastown-test", "staging");
        assertThat(topology.stopped("gastown-test"))
                .get()
                .asString()
                .contains("an event was deleted: its record is a tombstone");
    }

    @Test
    void aGapStopsTheEnvironment() {
        ledger.accept(
                FlagCreated.bool("gastown"),
                StageMoved.to("gastown", Stage.ALLOWLIST),
                StageMoved.to("gastown", Stage.ADMIN_ONLY));
        topology.pipe(List.of(ledger.events().get(0), ledger.events().get(2)));

        assertThat(topology.stopped("gastown-test"))
                .get()
                .asString()
                .contains("event 3 of gastown-test cannot be folded: the one before it was 1");
    }

    private void delete(String environment, long sequence) {
        byte[] tombstone = null;
        topology.pipe(environment, sequence, tombstone);
    }
}
