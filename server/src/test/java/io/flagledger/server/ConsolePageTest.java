package io.flagledger.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The console in a real Chromium. Skipped, and loudly, where there is none; but not in CI. */
@ExtendWith(KafkaExtension.class)
class ConsolePageTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final String ENVIRONMENT = "gastown-production";
    private static final Duration LIVE = Duration.ofSeconds(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private @Nullable LedgerServer server;
    private @Nullable ChromeDriver browser;

    @BeforeAll
    static void needsChromium() {
        if (Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER)) {
            return;
        }
        String missing =
                "%s or %s is missing (Debian: apt-get install chromium chromium-driver)".formatted(CHROMIUM, DRIVER);
        assertThat(System.getenv("CI"))
                .as("CI tests the console in a browser: %s", missing)
                .isNull();
        System.err.println("*** THE CONSOLE IS NOT TESTED: " + missing + " ***");
        Assumptions.abort(missing);
    }

    @BeforeEach
    void start(KafkaForTest kafka) throws Exception {
        server = LedgerServer.start(new ServerConfig(
                KafkaConnection.of(kafka.bootstrapServers()),
                LedgerTopics.withPrefix(kafka.topicPrefix() + "x"),
                ENVIRONMENT,
                folder.resolve("state"),
                "127.0.0.1",
                0));
        assertThat(server.awaitReady(Duration.ofSeconds(30))).isTrue();
        browser = open(folder.resolve("browser"));
    }

    @AfterEach
    void stop() {
        if (browser != null) {
            browser.quit();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void anEmptyEnvironmentSaysHowTheFirstFlagIsMadeAndShowsItOnceItIs() throws Exception {
        browser().get(address("/"));
        within(Duration.ofSeconds(10), () -> text(".empty"), "No flags in gastown-production yet");
        assertThat(text(".empty pre")).isEqualTo("./ledger flag create gastown --reason \"the first of many\"");
        awaitLive();

        change("the first of many", "{'type': 'FlagCreated', 'flag': 'gastown', 'title': 'Gastown'}");

        within(LIVE, () -> text("flag-row[data-flag=gastown] .title"), "Gastown");
        assertThat(browser().findElements(By.cssSelector(".empty"))).isEmpty();
        assertNothingWentWrong();
    }

    @Test
    void flagsStandUnderTheirParents() throws Exception {
        tellTheStory();
        browser().get(address("/"));
        await().atMost(Duration.ofSeconds(10)).until(() -> rows().size() == 5);

        assertThat(rows().stream()
                        .map(row -> row.getDomAttribute("aria-level") + " " + row.getDomAttribute("data-flag")))
                .containsExactly(
                        "1 gastown",
                        "2 gastown.convoys",
                        "3 gastown.multi-rig",
                        "2 gastown.merge-strategy",
                        "2 gastown.molecules");
        assertThat(text("flag-row[data-flag='gastown.merge-strategy'] .variants"))
                .contains("pr", "else", "direct");
        assertThat(text("flag-row[data-flag='gastown.molecules'] .sub")).contains("needs gastown.merge-strategy = pr");
        assertThat(text("flag-row[data-flag=gastown] .allowed")).contains("1 user", "1 org");
        assertThat(text("flag-row[data-flag=gastown] .changed")).contains("omar", "first design partners");
        assertThat(texts(".event .what").get(0)).isEqualTo("omar let 1 user and 1 org into gastown");
        assertNothingWentWrong();
    }

    @Test
    void aStageMoveAKillAndAReleaseShowWithoutAReload() throws Exception {
        tellTheStory();
        browser().get(address("/"));
        await().atMost(Duration.ofSeconds(10)).until(() -> rows().size() == 5);
        awaitLive();
        browser().executeScript("window.loadedOnce = true");

        change(
                "error budget untouched",
                "{'type': 'StageMoved', 'flag': 'gastown', 'to': 'PERCENTAGE', 'percentage': 12.5}");
        within(LIVE, () -> text("flag-row[data-flag=gastown] .stage"), "12.5 % of orgs");
        within(LIVE, () -> text(".event .what"), "omar set gastown to 12.5 %");

        change("refinery backlog", "{'type': 'KillSwitchEngaged', 'flag': 'gastown', 'scope': 'ALL_ACCESS'}");
        within(LIVE, () -> text("flag-row.is-killed[data-flag=gastown] .pill"), "Killed · all access");
        within(LIVE, () -> text("flag-row.is-closed[data-flag='gastown.multi-rig'] .pill"), "Closed by gastown");
        within(LIVE, () -> text(".summary"), "1 killed");
        within(LIVE, () -> text("flag-row[data-flag=gastown] .why"), "refinery backlog");
        assertThat(text("flag-row[data-flag=gastown] .stage")).contains("12.5 % of orgs");

        change("backlog drained", "{'type': 'KillSwitchReleased', 'flag': 'gastown'}");
        await().atMost(LIVE)
                .until(() -> browser()
                        .findElements(By.cssSelector(".is-killed, .is-closed"))
                        .isEmpty());

        assertThat(browser().executeScript("return window.loadedOnce")).isEqualTo(true);
        assertNothingWentWrong();
    }

    @Test
    void theFilterAndTheKeyboardFindAFlag() throws Exception {
        tellTheStory();
        browser().get(address("/"));
        await().atMost(Duration.ofSeconds(10)).until(() -> rows().size() == 5);

        browser().findElement(By.tagName("body")).sendKeys("/");
        browser().switchTo().activeElement().sendKeys("multi");
        await().atMost(LIVE).until(() -> rows().size() == 3);
        assertThat(text(".summary")).isEqualTo("1 of 5 flags");
        browser().switchTo().activeElement().sendKeys(Keys.ESCAPE);
        await().atMost(LIVE).until(() -> rows().size() == 5);

        browser().switchTo().activeElement().sendKeys(Keys.TAB);
        assertThat(focused()).isEqualTo("gastown");
        browser().switchTo().activeElement().sendKeys(Keys.ARROW_DOWN);
        assertThat(focused()).isEqualTo("gastown.convoys");
        browser().switchTo().activeElement().sendKeys(Keys.ARROW_LEFT);
        await().atMost(LIVE).until(() -> rows().size() == 4);
        assertNothingWentWrong();
    }

    private void tellTheStory() throws Exception {
        change(
                "Gastown begins",
                "{'type': 'FlagCreated', 'flag': 'gastown', 'title': 'Gastown'}",
                "{'type': 'FlagCreated', 'flag': 'gastown.convoys', 'parents': ['gastown']}",
                "{'type': 'FlagCreated', 'flag': 'gastown.merge-strategy', 'valueType': 'STRING',"
                        + " 'variants': {'direct': 'direct', 'pr': 'pr'}, 'off': 'direct', 'parents': ['gastown']}",
                "{'type': 'FlagCreated', 'flag': 'gastown.multi-rig', 'parents': ['gastown.convoys']}",
                "{'type': 'FlagCreated', 'flag': 'gastown.molecules',"
                        + " 'parents': ['gastown', {'flag': 'gastown.merge-strategy', 'variants': ['pr']}]}");
        change("the team tries it", "{'type': 'StageMoved', 'flag': 'gastown', 'to': 'ALLOWLIST'}");
        change(
                "first design partners",
                "{'type': 'AllowlistChanged', 'flag': 'gastown',"
                        + " 'added': {'users': [{'id': 'u-17', 'org': 'acme'}], 'orgs': ['globex']}}");
    }

    /** Changes are written with single quotes here, to be legible in Java. */
    private void change(String reason, String... changes) throws IOException, InterruptedException {
        String body = "{'actor': {'id': 'omar', 'kind': 'HUMAN'}, 'reason': '%s', 'changes': [%s]}"
                .formatted(reason, String.join(", ", changes))
                .replace('\'', '"');
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(address("/api/v1/environments/" + ENVIRONMENT + "/changes")))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private void awaitLive() {
        within(Duration.ofSeconds(10), () -> text(".connection .state"), "Live");
    }

    private static void within(Duration longest, Supplier<String> text, String expected) {
        await().atMost(longest)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(text.get()).contains(expected));
    }

    /** What stands in the first such element, with plain spaces; nothing if there is none. */
    private String text(String selector) {
        List<String> texts = texts(selector);
        return texts.isEmpty() ? "" : texts.get(0);
    }

    private List<String> texts(String selector) {
        List<String> texts = new ArrayList<>();
        for (WebElement element : browser().findElements(By.cssSelector(selector))) {
            try {
                texts.add(element.getText().replace('\u00a0', ' '));
            } catch (StaleElementReferenceException e) {
                texts.add(""); // it went while it was read
            }
        }
        return texts;
    }

    private List<WebElement> rows() {
        return browser().findElements(By.cssSelector("flag-row"));
    }

    private @Nullable String focused() {
        return browser().switchTo().activeElement().getDomAttribute("data-flag");
    }

    private void assertNothingWentWrong() throws IOException {
        List<String> requested = new ArrayList<>();
        for (LogEntry entry : browser().manage().logs().get(LogType.PERFORMANCE)) {
            JsonNode message = JSON.readTree(entry.getMessage()).path("message");
            if (message.path("method").textValue().equals("Network.requestWillBeSent")) {
                requested.add(message.at("/params/request/url").textValue());
            }
        }
        requested.removeIf(url -> url.matches("(chrome|data):.*")); // the browser's own first page
        assertThat(requested).isNotEmpty().allMatch(url -> url.startsWith(address("/")));
        assertThat(browser().manage().logs().get(LogType.BROWSER).getAll())
                .filteredOn(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .isEmpty();
    }

    private String address(String path) {
        return "http://127.0.0.1:" + requireNonNull(server).httpPort() + path;
    }

    private ChromeDriver browser() {
        return requireNonNull(browser);
    }

    private static ChromeDriver open(Path userData) {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.setCapability("goog:loggingPrefs", logs);
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1440,900",
                "--user-data-dir=" + userData);
        File driver = DRIVER.toFile();
        return new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver)
                        .usingAnyFreePort()
                        .build(),
                options);
    }
}
