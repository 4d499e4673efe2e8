package io.flagledger.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** YAML without surprises. */
class DocumentTest {

    @Test
    void yamlIsJsonWithOtherBrackets() {
        Document document = Document.read("f.yaml", """
                # on and off are keys of a change
                on: "off"
                answer: false
                list: [1, 2.50, true, null, ~, "5"]
                "1": 'quoted'
                ünï: 😀
                "after": 2026-01-01
                """);

        assertThat(document.root())
                .hasToString(
                        "{\"on\":\"off\",\"answer\":false,\"list\":[1,2.50,true,null,null,\"5\"],\"1\":\"quoted\",\"ünï\":\"😀\",\"after\":\"2026-01-01\"}");
        assertThat(document.lines()).containsEntry("/answer", 3).containsEntry("/list/5", 4);
        assertThat(Document.read("f", "[1]").root())
                .isEqualTo(Document.read("g", "- 1").root());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            a: 1;a: 2                  | f.yaml, line 2: /a: this key is there twice
            b: 1;1: x                  | f.yaml, line 2: /1: the key '1' is no text
            😀: 1;true: x               | f.yaml, line 2: /true: the key 'true' is no text
            ~: x                       | /~0: the key '~' is no text
            0x1F: x                    | no text to everybody
            ? [a, b];: c               | no YAML
            a: &x [1];b: *x            | line 2: /b: aliases
            a: &x {c: 1};b: {<<: *x}   | aliases
            a: !!set {x}               | /a: tags
            a: !!str 1                 | /a: tags
            a: off                     | 'off' is false to some and a text to others
            a: Yes                     | 'Yes' is true to some
            a: TRUE                    | 'TRUE' is true to some
            a: 0x1F                    | '0x1F' is not a number to everybody
            a: 1_000                   | '1_000' is not a number to everybody
            a: .inf                    | not a number to everybody
            a: 1;---;a: 2              | one document is expected
            a: [1                      | f.yaml, line
            a: b: c                    | f.yaml, line 1: this is no YAML
            """)
    void surprisesAreErrorsThatSayWhere(String text, String expected) {
        assertThatThrownBy(() -> Document.read("f.yaml", text.replace(';', '\n')))
                .isInstanceOfSatisfying(
                        Complaint.class,
                        complaint -> assertThat(complaint.status()).isEqualTo(Exit.USAGE))
                .hasMessageContaining(expected);
    }

    @Test
    void jsonIsStrictToo() {
        assertThatThrownBy(() -> Document.read("f.json", "{\"a\": 1,\n\"a\": 2}"))
                .hasMessageContaining("f.json, line 2: /a: this key is there twice");
        assertThatThrownBy(() -> Document.read("f.json", "[1] 2")).hasMessageContaining("one document is expected");
        assertThatThrownBy(() -> Document.read("f.json", "[".repeat(500)))
                .hasMessageContaining("nested deeper than 64");
        assertThatThrownBy(() -> Document.read("f.yaml", "[".repeat(500)))
                .hasMessageContaining("nested deeper than 64");
    }
}
