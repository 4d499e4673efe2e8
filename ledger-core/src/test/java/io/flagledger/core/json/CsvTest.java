package io.flagledger.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {

    @Test
    void quotesWhatWouldBreakALine() {
        assertThat(Csv.line("plain", 7, "a,b", "say \"hi\"", "two\nlines", "", " "))
                .isEqualTo("plain,7,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",, ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1+1"})
    void whatASpreadsheetWouldTakeForAFormulaIsText(String text) {
        assertThat(Csv.line(text)).isEqualTo("'" + text);
    }

    @Test
    void aFormulaThatNeedsQuotesIsQuotedAsText() {
        assertThat(Csv.line("=HYPERLINK(\"http://evil\",\"x\")"))
                .isEqualTo("\"'=HYPERLINK(\"\"http://evil\"\",\"\"x\"\")\"");
        assertThat(Csv.line("\r=1")).isEqualTo("\"'\r=1\"");
    }
}
