package io.flagledger.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Digest;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.fold.MemoryLedger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StateCodecTest {

    static Stream<StateEntry> entries() {
        MemoryLedger ledger = MemoryLedger.gastown()
                .accept(
                        Change.FlagCreated.bool("top"),
                        Change.FlagCreated.bool("gastown", new Parent("top", Set.of("on", "off"))),
                        new Change.FlagDescribed(
                                "gastown", "Gästown", "x", "team-ui", new TreeSet<>(Set.of("ui")), "GT"),
                        Change.StageMoved.to("gastown", new Percentage(12_345)).skipping(),
                        new Change.AllowlistChanged(
                                "gastown",
                                Allowlist.of(
                                        List.of(new UserEntry("🐢", "acme"), new UserEntry("dana", null)),
                                        List.of("globex")),
                                Allowlist.EMPTY),
                        new Change.KillSwitchEngaged("gastown", KillSwitch.ALL_ACCESS),
                        new Change.FlagArchived("gastown"));
        return Stream.of(
                new StateEntry.Flag("gastown-test", ledger.flag("top")),
                new StateEntry.Flag("gastown-test", ledger.flag("gastown")),
                new Head("gastown-test", "ledger", 7, Digest.genesis("x"), Instant.ofEpochMilli(1_234), 1L << 40, 2));
    }

    @ParameterizedTest
    @MethodSource("entries")
    void anEntryIsReadAsItWasWritten(StateEntry entry) {
        assertThat(StateCodec.decode(StateCodec.encode(entry))).isEqualTo(entry);
    }

    @Test
    void theKeyNamesTheFlagOrTheEnvironmentAlone() {
        assertThat(entries().map(StateCodec::key).map(key -> new String(key, StandardCharsets.UTF_8)))
                .containsExactly("gastown-test/top", "gastown-test/gastown", "gastown-test");
    }

    @Test
    void aValueStartsWithTheSingleObjectMarker() {
        assertThat(entries().map(StateCodec::encode))
                .allSatisfy(value -> assertThat(value).startsWith(0xC3, 0x01));
    }

    @Test
    void anEventIsNoEntry() {
        MemoryLedger ledger = MemoryLedger.gastown().accept(Change.FlagCreated.bool("gastown"));
        byte[] event = EventCodec.encode(ledger.events().get(0).event(), Digest.genesis("gastown-test"))
                .value();
        assertThatExceptionOfType(UndecodableException.class)
                .isThrownBy(() -> StateCodec.decode(event))
                .withMessageStartingWith(
                        "this version of Flag Ledger can't read a state record of %d bytes, which is damaged or was written by a newer version: "
                                .formatted(event.length));
    }

    @Test
    void whatIsCutShortOrTooLongCannotBeRead() {
        entries().map(StateCodec::encode).forEach(value -> {
            for (int length = 0; length <= value.length + 1; length++) {
                byte[] other = Arrays.copyOf(value, length);
                if (length != value.length) {
                    assertThatExceptionOfType(UndecodableException.class)
                            .as("%d of %d bytes", length, value.length)
                            .isThrownBy(() -> StateCodec.decode(other));
                }
            }
        });
    }

    @Test
    void damageIsNeverAnythingButUndecodable() {
        new Garbage(entries().map(StateCodec::encode).toList()).forEach(20_000, StateCodec::decode);
    }
}
