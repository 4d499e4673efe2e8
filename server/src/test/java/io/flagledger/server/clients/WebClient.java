package io.flagledger.server.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.server.page.Chromium;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.chrome.ChromeDriver;

/** npm's web provider in a page of another origin, in a browser. */
final class WebClient implements FlagClient {
    private final HttpServer pages;
    private final Chromium chromium;
    private final ChromeDriver browser;
    private String user = "";

    private WebClient(HttpServer pages, Chromium chromium) {
        this.pages = pages;
        this.chromium = chromium;
        this.browser = chromium.browser(0);
    }

    static WebClient open(Target target, String user, @Nullable String org) throws Exception {
        Path folder = NodePrograms.folder();
        HttpServer pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        pages.createContext("/", exchange -> serve(folder, exchange));
        pages.start();
        WebClient client = new WebClient(pages, new Chromium());
        client.user = user;
        client.browser.get("http://localhost:%d/web/index.html?ledger=%s&environment=%s&user=%s%s#%s"
                .formatted(
                        pages.getAddress().getPort(),
                        URLEncoder.encode(target.http(), StandardCharsets.UTF_8),
                        target.environment(),
                        user,
                        org == null ? "" : "&org=" + org,
                        target.token()));
        return client;
    }

    private static void serve(Path folder, HttpExchange exchange) throws IOException {
        try (exchange) {
            Path file = folder.resolve(exchange.getRequestURI().getPath().substring(1))
                    .normalize();
            if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] content = Files.readAllBytes(file);
            exchange.getResponseHeaders()
                    .add("Content-Type", file.toString().endsWith(".html") ? "text/html" : "text/javascript");
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        }
    }

    /** The page knows one user at a time, so another one takes a question to the ledger. */
    @Override
    public boolean isOn(String flag, String asked, @Nullable String org) {
        if (!asked.equals(user)) {
            user = asked;
            browser.executeAsyncScript(
                    "const [user, org, done] = arguments; window.become(user, org ?? undefined).then(done, done)",
                    asked,
                    org);
        }
        return (Boolean) Objects.requireNonNull(
                browser.executeScript("return window.client?.getBooleanValue(arguments[0], false) ?? false", flag));
    }

    /** What the provider has told so far: {@code {event, flagsChanged, at}}. */
    List<JsonNode> events() {
        List<JsonNode> events = new ArrayList<>();
        LedgerJson.parse(String.valueOf(browser.executeScript("return JSON.stringify(window.events ?? [])")))
                .forEach(events::add);
        return events;
    }

    @Override
    public void close() throws IOException {
        pages.stop(0);
        chromium.close();
    }
}
