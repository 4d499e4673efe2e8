package io.flagledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.UserEntry;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

    @ParameterizedTest
    @CsvSource({
        "ada, ada,",
        "ada@acme, ada, acme",
        "ada@example.com@acme, ada@example.com, acme",
        "ada@example.com@, ada@example.com,"
    })
    void anEntryIsSplitAtItsLastAt(String text, String id, String org) {
        assertThat(EntryOptions.user(text)).isEqualTo(new UserEntry(id, org));
    }

    @Test
    void manyEntriesAreCounted() {
        Allowlist many = Allowlist.of(
                List.of(), IntStream.range(100, 120).mapToObj(i -> "o" + i).toList());

        assertThat(Words.change(new Change.AllowlistChanged("a", many, Allowlist.EMPTY), null))
                .startsWith("allowlist +org o100, +org o101")
                .endsWith("+org o105 and 14 more");
    }

    @Test
    void aKillTellsWhatItDoes() {
        assertThat(Words.done(new Change.KillSwitchEngaged("a", KillSwitch.ALL_ACCESS)))
                .isEqualTo(
                        "a is killed (ALL_ACCESS) now, with all flags below it: only admins have access, and who was let in before is out");
    }

    @Test
    void nearMatches() {
        List<String> keys = List.of("gastown", "gastown.convoys", "b");

        assertThat(NearMatch.of("gastwon", keys)).contains("gastown");
        assertThat(NearMatch.of("gastown.convoi", keys)).contains("gastown.convoys");
        assertThat(NearMatch.of("something", keys)).isEmpty();
    }

    @Test
    void aTableKeepsToTheWidthAndItsColumns() {
        Table table = new Table(1, "A", "B");
        table.row(Table.Cell.of("one"), Table.Cell.of("word ".repeat(20).strip()));

        assertThat(table.lines(new Terminal(false, 60, question -> null)))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(60))
                .last()
                .asString()
                .startsWith("     word");
    }

    @Test
    void aPercentageIsNotTornApart() {
        assertThat(Text.wrap("from 10 % to 25 %", 12)).containsExactly("from 10 % to", "25 %");
    }
}
