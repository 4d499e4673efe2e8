package io.flagledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be said of the commands that look back without a Kafka. */
class TravelUsageTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            at                          | Missing required parameter: 'T'
            at yesterday                | 'yesterday' is neither a sequence (42), a time (2026-01-31,
            at 2026-02-30               | there is no such day
            at 1 a b                    | 'b' is more than `ledger at` takes
            diff                        | Missing required parameter: 'T1'
            diff 1 x                    | 'x' is neither a sequence
            timeline                    | Missing required parameter: 'KEY'
            flag show a --at x          | 'x' is neither a sequence
            evaluate a --at -1          | '-1' is neither a sequence
            audit --kind Moved          | 'Moved' is none of AllowlistChanged, BucketingChanged,
            audit --format xml          | 'xml' is none of table, json, csv
            audit --since -3d           | a span back from now has no sign
            watch --count 0             | --count is a number from 1 on, but was 0
            """)
    void sayWhatIsWrongWithTheUsage(String command, String expected) {
        Run run = Run.of(Map.of(), command.split(" "));

        assertThat(run.err()).contains(expected).doesNotContain("Exception:");
        assertThat(run.out()).isEmpty();
        assertThat(run.status()).isEqualTo(2);
    }
}
