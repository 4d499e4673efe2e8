package io.flagledger.server.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameworkExamplesTest {
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(strings = {"spring-boot.md", "javalin.md"})
    void whatAPageShowsCompiles(String page) throws Exception {
        String compiled = squeezed(
                Files.readString(Path.of("src/test/java/io/flagledger/server/examples/FrameworkExamples.java")));
        List<String> shown = JAVA.matcher(Files.readString(Path.of("../docs", page)))
                .results()
                .map(match -> squeezed(match.group(1)))
                .toList();
        assertThat(shown)
                .isNotEmpty()
                .allSatisfy(example -> assertThat(compiled).contains(example));
    }

    /** Without white space, which the page breaks at other places, and without what a nested class needs. */
    private static String squeezed(String text) {
        return text.replaceAll("\\bstatic class\\b", "class").replaceAll("\\s+", "");
    }
}
