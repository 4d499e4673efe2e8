package io.flagledger.sdk.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExamplesTest {
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(strings = {"admissions.md", "gates.md", "openfeature.md"})
    void whatAPageShowsCompiles(String page) throws Exception {
        String compiled = squeezed(Path.of("src/test/java/io/flagledger/sdk/examples/Examples.java"));
        List<String> shown = JAVA.matcher(Files.readString(Path.of("../docs", page)))
                .results()
                .map((MatchResult match) -> squeezed(match.group(1)))
                .toList();
        assertThat(shown)
                .isNotEmpty()
                .allSatisfy(example -> assertThat(compiled).contains(example));
    }

    private static String squeezed(Path file) throws Exception {
        return squeezed(Files.readString(file));
    }

    /** Without white space, which the page breaks at other places. */
    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }
}
