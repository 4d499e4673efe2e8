package io.flagledger.server.page;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.openqa.selenium.chrome.ChromeDriver;

/** What axe-core says of a page. */
final class Accessibility {
    private static final String AXE = axe();
    private static final String CHECK = """
            const done = arguments[arguments.length - 1];
            const painted = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
            painted().then(() => axe.run(document, { resultTypes: ['violations'] })).then(({ violations }) =>
              done(violations
                .filter(({ impact }) => impact === 'serious' || impact === 'critical')
                .flatMap(({ id, help, nodes }) => nodes.map((node) =>
                  `${id} (${help}): ${node.html.slice(0, 200)} ${node.any.concat(node.all, node.none).map((each) => each.message).join('; ')}`))),
              (error) => done([String(error)]));
            """;

    private Accessibility() {}

    static void assertGood(ChromeDriver browser) {
        browser.executeScript("if (!window.axe) { " + AXE + " }");
        for (String scheme : List.of("dark", "light")) {
            Chromium.paint(browser, scheme);
            assertThat((List<?>) browser.executeAsyncScript(CHECK))
                    .as("%s in %s colours", browser.getCurrentUrl(), scheme)
                    .isEmpty();
        }
    }

    private static String axe() {
        try (InputStream script = Accessibility.class.getResourceAsStream("/axe.min.js")) {
            return new String(requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
