package io.flagledger.core.travel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CutTextTest {
    private final CutText cuts = new CutText(Instant.parse("2026-07-15T12:00:00Z"), ZoneId.of("Europe/Berlin"));

    @ParameterizedTest
    @CsvSource({
        "2026-01-31, 2026-01-30T23:00:00Z",
        "2026-07-01, 2026-06-30T22:00:00Z",
        "2026-01-31T15:00, 2026-01-31T14:00:00Z",
        "2026-01-31 15:00:30, 2026-01-31T14:00:30Z",
        "2026-01-31T15:00:00.123, 2026-01-31T14:00:00.123Z",
        "2026-01-31T15:00Z, 2026-01-31T15:00:00Z",
        "2026-01-31T15:00:00.123Z, 2026-01-31T15:00:00.123Z",
        "2026-01-31T15:00:00+05:30, 2026-01-31T09:30:00Z",
        "2026-01-31T15:00:00-08:00, 2026-01-31T23:00:00Z",
        "90s, 2026-07-15T11:58:30Z",
        "15m, 2026-07-15T11:45:00Z",
        "2h, 2026-07-15T10:00:00Z",
        "1h30m, 2026-07-15T10:30:00Z",
        "3d, 2026-07-12T12:00:00Z",
        "1w, 2026-07-08T12:00:00Z"
    })
    void aTime(String text, Instant time) {
        assertThat(cuts.read(text)).isEqualTo(Cut.at(time));
    }

    @Test
    void aSequence() {
        assertThat(cuts.read("#42")).isEqualTo(Cut.at(42));
        assertThat(cuts.read("42")).isEqualTo(Cut.at(42));
        assertThat(cuts.read("0")).isEqualTo(Cut.at(0));
        assertThat(cuts.read("now")).isEqualTo(Cut.now());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "#",
                "#-1",
                "yesterday",
                "15 m",
                "m",
                "99999999999999999999",
                "99999999999999999999d",
                "9999999999999w",
                "15:00",
                "2026-1-1",
                "2026-01-31T",
                "2026-01-31T25:00",
                "2026-01-31T15:00:00+99:00"
            })
    void whatIsNeither(String text) {
        assertThatExceptionOfType(MalformedCutException.class)
                .isThrownBy(() -> cuts.read(text))
                .withMessageStartingWith("'" + text + "' is neither a sequence (42), a time (2026-01-31, ");
    }

    @Test
    void saysWhatIsWrong() {
        assertThatExceptionOfType(MalformedCutException.class)
                .isThrownBy(() -> cuts.read("2026-02-30"))
                .withMessageEndingWith(": there is no such day");
        assertThatExceptionOfType(MalformedCutException.class)
                .isThrownBy(() -> cuts.read("-15m"))
                .withMessageEndingWith(": a span back from now has no sign");
    }
}
