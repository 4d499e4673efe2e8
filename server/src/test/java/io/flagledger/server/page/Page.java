package io.flagledger.server.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.server.TokensForTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.ElementNotInteractableException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** The console in a browser, as somebody sees it who looks at one environment. All that is asked for is waited for. */
public final class Page {
    /** How soon what happened is to be seen. */
    public static final Duration LIVE = Duration.ofSeconds(2);

    private static final Duration LOAD = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ConsoleExtension.Shared shared;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String environment;
    private final ChromeDriver browser;
    private final String token;
    private boolean signedIn;

    Page(ConsoleExtension.Shared shared, String environment, int index) {
        this(shared, environment, index, TokensForTest.admin("omar"));
    }

    private Page(ConsoleExtension.Shared shared, String environment, int index, String token) {
        this.token = token;
        this.shared = shared;
        this.environment = environment;
        this.browser = shared.chromium().browser(index);
        browser.executeCdpCommand("Storage.clearDataForOrigin", Map.of("origin", root(), "storageTypes", "all"));
        Chromium.paint(browser, "light");
        browser.manage().logs().get(LogType.BROWSER); // what is there by now is not this test's
        browser.manage().logs().get(LogType.PERFORMANCE);
    }

    /** The same environment in another browser. */
    public Page another() {
        return new Page(shared, environment, 1);
    }

    /** The same in the same browser, for somebody else: {@code as("vera", "viewer@*")}. */
    public Page as(String subject, String... grants) {
        return new Page(shared, environment, 0, TokensForTest.of(subject, grants));
    }

    /** The environment that the server shows where the address names none. */
    public Page ofDefaultEnvironment() {
        return new Page(shared, ConsoleExtension.DEFAULT, 0);
    }

    /** Another environment, with a name that looks well in a picture; for one test only. */
    Page of(String name) {
        return new Page(shared, name, 0);
    }

    public String environment() {
        return environment;
    }

    public KafkaConnection kafka() {
        return shared.kafka();
    }

    public LedgerTopics topics() {
        return shared.topics();
    }

    public ChromeDriver browser() {
        return browser;
    }

    public String root() {
        return "http://127.0.0.1:" + shared.server().httpPort();
    }

    /** Shows an address of this environment and waits until it is connected. */
    public void open(String path) {
        if (signedIn) {
            browser.get(address(path));
        } else {
            browser.get("about:blank"); // with another fragment alone nothing would be loaded
            browser.get(address(path) + "#token=" + token);
            signedIn = true;
        }
        within(LOAD, () -> text(".connection .state"), "Live");
    }

    /** Shows an address as to somebody who has never signed in. */
    public void openSignedOut(String path) {
        browser.get("about:blank");
        browser.get(address(path));
    }

    public String token() {
        return token;
    }

    /** The whole address of a path in this environment. */
    public String address(String path) {
        return environment.equals(ConsoleExtension.DEFAULT)
                ? root() + path
                : root() + path + (path.contains("?") ? "&" : "?") + "environment=" + environment;
    }

    /** Writes changes as omar does, all or none. They are written with single quotes, to be legible in Java. */
    public JsonNode change(String reason, String... changes) {
        String body = "{'reason': '%s', 'changes': [%s]}"
                .formatted(reason, String.join(", ", changes))
                .replace('\'', '"');
        HttpResponse<String> answer = send(HttpRequest.newBuilder(api("/changes"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return read(answer.body());
    }

    /** What the API says: {@code get("/flags/gastown")}. */
    public JsonNode get(String path) {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(api(path)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return read(answer.body());
    }

    /** What the API answers to a body, which is written with single quotes. */
    public JsonNode post(String path, String body) {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(api(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'))));
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return answer.body().isEmpty() ? JSON.nullNode() : read(answer.body());
    }

    /** Where downloads go from now on. A file is there under its own name as soon as it is whole. */
    public Path downloadsTo(Path folder) {
        browser.executeCdpCommand(
                "Browser.setDownloadBehavior", Map.of("behavior", "allow", "downloadPath", folder.toString()));
        return folder;
    }

    /** The answer of the API as it is. */
    public String getText(String path) {
        return send(HttpRequest.newBuilder(api(path))).body();
    }

    private URI api(String path) {
        return URI.create(root() + "/api/v1/environments/" + environment + path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(
                    request.header("Authorization", "Bearer " + token).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Clicks, as soon as there is such an element to be clicked. */
    public void click(String selector) {
        clickFirst(
                "something to be clicked: " + selector,
                () -> browser.findElements(By.cssSelector(selector)).stream()
                        .findFirst()
                        .orElse(null));
    }

    /** Clicks the button that says this, wherever it stands first. */
    public void press(String label) {
        clickFirst("a button that says " + label, () -> (WebElement) browser.executeScript("""
                const scope = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document;
                return [...scope.querySelectorAll('button, a, summary')].find((each) =>
                  each.checkVisibility() && !each.disabled && each.innerText.replaceAll('\u00a0', ' ').trim() === arguments[0]) ?? null;
                """, label));
    }

    private void clickFirst(String what, Supplier<@Nullable WebElement> finder) {
        try {
            await().atMost(LOAD).pollInterval(Duration.ofMillis(20)).until(() -> {
                try {
                    WebElement found = finder.get();
                    if (found == null) {
                        return false;
                    }
                    found.click();
                    return true;
                } catch (ElementNotInteractableException | StaleElementReferenceException e) {
                    return false; // not yet, or not any more
                }
            });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "there is not %s at %s in%n%s".formatted(what, browser.getCurrentUrl(), text("body")), e);
        }
    }

    /** Types into a field in place of what is there. */
    public void fill(String selector, String text) {
        await().atMost(LOAD)
                .until(() -> !browser.findElements(By.cssSelector(selector)).isEmpty());
        WebElement field = browser.findElement(By.cssSelector(selector));
        field.clear();
        field.sendKeys(text);
    }

    /** Presses keys where the focus is. */
    public void keys(CharSequence... keys) {
        browser.switchTo().activeElement().sendKeys(keys);
    }

    /** Waits until the first such element contains a text. */
    public void see(String selector, String expected) {
        within(LOAD, () -> text(selector), expected);
    }

    /** The same, no later than {@link #LIVE}. */
    public void seeLive(String selector, String expected) {
        within(LIVE, () -> text(selector), expected);
    }

    /** Waits until there is no such element. */
    public void gone(String selector) {
        await("no " + selector).atMost(LOAD).pollInterval(Duration.ofMillis(20)).until(() -> count(selector) == 0);
    }

    public int count(String selector) {
        return browser.findElements(By.cssSelector(selector)).size();
    }

    /** What stands in the first such element, with plain spaces; nothing if there is none. */
    public String text(String selector) {
        List<String> texts = texts(selector);
        return texts.isEmpty() ? "" : texts.get(0);
    }

    public List<String> texts(String selector) {
        List<String> texts = new ArrayList<>();
        for (WebElement element : browser.findElements(By.cssSelector(selector))) {
            try {
                texts.add(element.getText().replace('\u00a0', ' '));
            } catch (StaleElementReferenceException e) {
                texts.add(""); // it went while it was read
            }
        }
        return texts;
    }

    /** The texts that a script returns as an array. */
    List<String> list(String script, Object... arguments) {
        List<String> texts = new ArrayList<>();
        if (browser.executeScript(script, arguments) instanceof List<?> found) {
            found.forEach(text -> texts.add(String.valueOf(text)));
        }
        return texts;
    }

    /** An attribute of the element that has the focus. */
    public @Nullable String focused(String attribute) {
        return browser.switchTo().activeElement().getDomAttribute(attribute);
    }

    private static void within(Duration longest, Supplier<String> text, String expected) {
        await().atMost(longest)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(text.get()).contains(expected));
    }

    /** What was loaded since this was asked last, in bytes as they came over the network, headers included. */
    public long bytesLoaded() {
        long sum = 0;
        for (JsonNode message : network()) {
            if (message.path("method").asText().equals("Network.loadingFinished")) {
                sum += message.at("/params/encodedDataLength").longValue();
            }
        }
        return sum;
    }

    /** No other host was asked for anything, and nothing was complained about, but for what has these texts in it. */
    public void assertNothingWentWrong(String... expected) {
        List<String> requested = new ArrayList<>();
        for (JsonNode message : network()) {
            if (message.path("method").asText().equals("Network.requestWillBeSent")) {
                requested.add(message.at("/params/request/url").textValue());
            }
        }
        requested.removeIf(url -> url.matches("(chrome|data|blob):.*")); // the browser's own first page
        assertThat(requested).allMatch(url -> url.startsWith(root() + "/"));
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
                .filteredOn(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .filteredOn(entry -> List.of(expected).stream().noneMatch(entry.getMessage()::contains))
                .isEmpty();
    }

    private List<JsonNode> network() {
        List<JsonNode> messages = new ArrayList<>();
        for (LogEntry entry : browser.manage().logs().get(LogType.PERFORMANCE)) {
            messages.add(read(entry.getMessage()).path("message"));
        }
        return messages;
    }

    /** axe finds nothing serious in what is shown, neither in light nor in dark colours. */
    public void assertAccessible() {
        Accessibility.assertGood(browser);
    }

    /**
     * Takes a picture in light and in dark colours if the system property {@value Pictures#FOLDER} says where to; else
     * does nothing.
     */
    public void picture(String name) {
        Pictures.take(browser, name);
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
