package io.flagledger.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Browsers, of which each has a profile of its own. */
public final class Chromium implements AutoCloseable {
    static final int WIDTH = 1280;
    static final int HEIGHT = 800;

    private static final Path BINARY = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Logger DEVTOOLS = Logger.getLogger("org.openqa.selenium.devtools");

    private final List<ChromeDriver> drivers = new ArrayList<>();
    private final Path profiles;

    public Chromium() {
        DEVTOOLS.setLevel(Level.SEVERE); // it misses a protocol of this version that no test uses
        try {
            profiles = Files.createTempDirectory("flag-ledger-chromium");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Skips, and loudly, where there is no Chromium; but fails in CI. */
    public static void require() {
        if (Files.isExecutable(BINARY) && Files.isExecutable(DRIVER)) {
            return;
        }
        String missing =
                "%s or %s is missing (Debian: apt-get install chromium chromium-driver)".formatted(BINARY, DRIVER);
        assertThat(System.getenv("CI"))
                .as("CI tests the console in a browser: %s", missing)
                .isNull();
        System.err.println("*** THE CONSOLE IS NOT TESTED: " + missing + " ***");
        Assumptions.abort(missing);
    }

    /** Another browser; the first is opened when it is asked for. */
    public synchronized ChromeDriver browser(int index) {
        while (drivers.size() <= index) {
            drivers.add(open(profiles.resolve(String.valueOf(drivers.size()))));
        }
        return drivers.get(index);
    }

    private static ChromeDriver open(Path userData) {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(BINARY.toFile());
        options.setCapability("goog:loggingPrefs", logs);
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--user-data-dir=" + userData);
        ChromeDriver driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .usingAnyFreePort()
                        .build(),
                options);
        resize(driver, WIDTH, HEIGHT);
        return driver;
    }

    /** The size of the page itself, whatever is around it. */
    static void resize(ChromeDriver driver, int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** @param scheme {@code light} or {@code dark} */
    static void paint(ChromeDriver driver, String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    @Override
    public void close() throws IOException {
        drivers.forEach(ChromeDriver::quit);
        try (Stream<Path> files = Files.walk(profiles)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
