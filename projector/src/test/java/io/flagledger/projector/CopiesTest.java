package io.flagledger.projector;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Change.AllowlistChanged;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.MemoryLedger;
import io.flagledger.core.travel.Cut;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A long allowlist that is edited often is not kept once for each edit. */
final class CopiesTest {
    private static final int ENTRIES = 10_000;
    private static final int EDITS = 1_000;
    private static final int LONGEST_CHAIN = 32;

    @TempDir
    private Path folder;

    @Test
    void aThousandEditsOfTenThousandEntriesCostACopyInThirtyTwo() {
        MemoryLedger ledger = MemoryLedger.gastown().accept(FlagCreated.bool("gastown"));
        ledger.accept(new AllowlistChanged("gastown", Allowlist.of(users(0, ENTRIES - 1), List.of()), Allowlist.EMPTY));
        FlagState halfway = null;
        for (int i = 0; i < EDITS; i++) {
            ledger.accept(new AllowlistChanged(
                    "gastown", Allowlist.of(users(ENTRIES + i, 1), List.of()), Allowlist.of(users(i, 1), List.of())));
            halfway = i == EDITS / 2 ? ledger.flag("gastown") : halfway;
        }
        try (TopologyForTest topology = new TopologyForTest(folder)) {
            topology.pipe(ledger.events());

            long copies = topology.entries().stream()
                    .filter(entry -> entry.key.get()[0] == 'f' && entry.value.length > 0)
                    .count();
            long indexBytes = topology.entries().stream()
                    .filter(entry -> entry.key.get()[0] != 'e')
                    .mapToLong(entry -> entry.value.length)
                    .sum();
            int copy = StateCodec.encode(new StateEntry.Flag("gastown-test", ledger.flag("gastown"))).length;
            assertThat(copies).isBetween(EDITS / (long) LONGEST_CHAIN, EDITS / LONGEST_CHAIN + 2L);
            assertThat(indexBytes).isLessThan((EDITS / LONGEST_CHAIN + 4L) * copy);
            assertThat(topology.history().flag("gastown-test", "gastown", Cut.now()))
                    .isEqualTo(ledger.flag("gastown"));
            assertThat(topology.history().flag("gastown-test", "gastown", Cut.at(EDITS / 2 + 3)))
                    .isEqualTo(Objects.requireNonNull(halfway));
            assertThat(IntStream.rangeClosed(EDITS / 2, EDITS / 2 + LONGEST_CHAIN)
                            .map(sequence -> new Archive(topology.store(), "gastown-test")
                                    .chain("gastown", sequence)
                                    .since()
                                    .size())
                            .max())
                    .hasValue(LONGEST_CHAIN - 1);
        }
    }

    private static List<UserEntry> users(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> new UserEntry("user-" + i, null))
                .toList();
    }
}
