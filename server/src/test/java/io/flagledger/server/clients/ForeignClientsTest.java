package io.flagledger.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.server.HttpClientForTest;
import io.flagledger.server.LedgerServer;
import io.flagledger.server.ServerConfig;
import io.flagledger.server.TokensForTest;
import io.flagledger.server.page.Chromium;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clients that others wrote, as they are published, on a running server. */
@ExtendWith(KafkaExtension.class)
final class ForeignClientsTest {
    private static final String ENVIRONMENT = "gastown-production";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private KafkaForTest kafka;
    private LedgerServer server;
    private Target target;
    private NodeClient flagd;
    private NodeClient ofrep;
    private WebClient web;
    private JavaClient java;
    private final Map<String, FlagClient> clients = new LinkedHashMap<>();

    @BeforeAll
    static void require() {
        NodePrograms.require();
        Chromium.require();
    }

    @BeforeEach
    void start(KafkaForTest kafka) throws Exception {
        this.kafka = kafka;
        serve(0, 0);
        change(
                "first",
                "{'type':'FlagCreated','flag':'gastown'}",
                "{'type':'FlagCreated','flag':'gastown.convoys','parents':['gastown']}");
        target = new Target(
                "http://127.0.0.1:" + server.httpPort(),
                "127.0.0.1:" + server.grpcPort(),
                ENVIRONMENT,
                TokensForTest.of("service:town", "evaluator@" + ENVIRONMENT));
        flagd = NodeClient.start("flagd", target);
        ofrep = NodeClient.start("ofrep", target);
        web = WebClient.open(target, "ada", "acme");
        java = new JavaClient(target);
        clients.put("npm flagd-provider in-process", flagd);
        clients.put("npm ofrep-provider", ofrep);
        clients.put("npm ofrep-web-provider in Chromium", web);
        clients.put("Java ofrep", java);
    }

    @AfterEach
    void stop() throws Exception {
        for (FlagClient client : clients.values()) {
            client.close();
        }
        server.close();
    }

    @Test
    void followTheWholeStoryAndGoOnWhenTheServerComesBack() throws Exception {
        see("for admins only", false);
        change(
                "partners",
                "{'type':'StageMoved','flag':'gastown','to':'ALLOWLIST'}",
                "{'type':'StageMoved','flag':'gastown.convoys','to':'ALLOWLIST'}",
                "{'type':'AllowlistChanged','flag':'gastown','added':{'orgs':['acme']}}",
                "{'type':'AllowlistChanged','flag':'gastown.convoys','added':{'users':[{'id':'ben','org':'acme'}]}}");
        see("her org is on the list", true);
        change(
                "a half",
                "{'type':'AllowlistChanged','flag':'gastown.convoys','removed':{'users':[{'id':'ben','org':'acme'}]}}",
                "{'type':'StageMoved','flag':'gastown.convoys','to':'PERCENTAGE','percentage':0}");
        see("nobody's per cent", false);
        change("all of them", "{'type':'StageMoved','flag':'gastown.convoys','to':'PERCENTAGE','percentage':99.999}");
        see("nearly everybody's per cent", true);
        change("everybody", "{'type':'StageMoved','flag':'gastown.convoys','to':'GENERALLY_AVAILABLE'}");
        see("generally available", true);

        pushed("a kill of the parent", "{'type':'KillSwitchEngaged','flag':'gastown'}", false);
        pushed("its release", "{'type':'KillSwitchReleased','flag':'gastown'}", true);

        int http = server.httpPort();
        int grpc = server.grpcPort();
        server.close();
        assertThat(flagd.isOn("gastown.convoys", "ada", "acme"))
                .as("flagd goes on without the server")
                .isTrue();
        assertThat(web.isOn("gastown.convoys", "ada", "acme"))
                .as("the page goes on without the server")
                .isTrue();
        serve(http, grpc);
        change("stop", "{'type':'KillSwitchEngaged','flag':'gastown'}");
        see("killed after the server came back", false);
        change("go on", "{'type':'KillSwitchReleased','flag':'gastown'}");
        see("released after the server came back", true);
    }

    private void serve(int httpPort, int grpcPort) throws InterruptedException {
        server = LedgerServer.start(new ServerConfig(
                        KafkaConnection.of(kafka.bootstrapServers()),
                        LedgerTopics.withPrefix(kafka.topicPrefix() + "clients"),
                        ENVIRONMENT,
                        folder,
                        "127.0.0.1",
                        httpPort,
                        TokensForTest.AUTH)
                .withEdge(new ServerConfig.Edge(grpcPort, Set.of("http://localhost:*"), null)));
        assertThat(server.awaitReady(PATIENCE)).isTrue();
    }

    private void see(String when, boolean on) {
        clients.forEach((name, client) -> await("%s, as %s sees it".formatted(when, name))
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> client.isOn("gastown.convoys", "ada", "acme") == on));
    }

    /** Those that are told by the server, and not only when they ask, say so by an event that names the flag. */
    private void pushed(String what, String change, boolean on) {
        int flagdBefore = flagd.events().size();
        int webBefore = web.events().size();
        long began = System.currentTimeMillis();
        change(what, change);
        see(what, on);
        long flagdAt = told(what + ", told to flagd", () -> flagd.events(), flagdBefore);
        long webAt = told(what + ", told to the page", () -> web.events(), webBefore);
        System.out.printf(
                "%s: npm's flagd-provider told of it after %d ms, its ofrep-web-provider in Chromium after %d ms%n",
                what, flagdAt - began, webAt - began);
    }

    private static long told(String what, Supplier<List<JsonNode>> events, int before) {
        AtomicLong at = new AtomicLong();
        await(what)
                .atMost(PATIENCE)
                .until(() -> events.get().stream()
                        .skip(before)
                        .filter(event -> event.get("flagsChanged").toString().contains("gastown.convoys"))
                        .findFirst()
                        .map(event -> {
                            at.set(event.get("at").longValue());
                            return true;
                        })
                        .orElse(false));
        return at.get();
    }

    private void change(String reason, String... changes) {
        HttpClientForTest.Answer answer = new HttpClientForTest(server.httpPort())
                .post(
                        "/api/v1/environments/" + ENVIRONMENT + "/changes",
                        "{'reason':'%s','changes':[%s]}"
                                .formatted(reason, String.join(",", changes))
                                .replace('\'', '"'));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }
}
