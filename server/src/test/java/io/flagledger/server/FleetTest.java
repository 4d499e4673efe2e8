package io.flagledger.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.server.HttpClientForTest.Answer;
import io.flagledger.server.ServerConfig.Fleet;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Several instances on one Kafka: whoever is asked answers for all of them. */
@ExtendWith(KafkaExtension.class)
final class FleetTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String FIRST = "env-0";
    private static final int ENVIRONMENTS = 6;

    @TempDir
    private Path folder;

    private final List<LedgerServer> servers = new ArrayList<>();
    private final AtomicInteger started = new AtomicInteger();
    private KafkaConnection connection;
    private LedgerTopics topics;

    @BeforeEach
    void open(KafkaForTest kafka) {
        connection = KafkaConnection.of(kafka.bootstrapServers());
        topics = LedgerTopics.withPrefix(kafka.topicPrefix() + "ledger");
    }

    @AfterEach
    void close() {
        servers.forEach(LedgerServer::close);
    }

    @Test
    void anyInstanceAnswersForAnyEnvironmentWhileOthersComeAndGo() throws Exception {
        HttpClientForTest a = start(1);
        for (int i = 0; i < ENVIRONMENTS; i++) {
            append(a, "env-" + i, "{\"type\": \"FlagCreated\", \"flag\": \"f\"}");
        }
        AtomicLong written = new AtomicLong(1);
        ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
        AtomicLong answered = new AtomicLong();
        Thread asking = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted() && wrong.isEmpty()) {
                for (int i = 0; i < ENVIRONMENTS; i++) {
                    judge(a, "env-" + i, written.get(), wrong, answered);
                }
            }
        });
        asking.start();
        try {
            HttpClientForTest b = start(1);
            awaitSpread(a, 2);
            write(a, written, 5);
            HttpClientForTest c = start(1);
            awaitSpread(b, 3);
            write(b, written, 5);
            awaitAllSee(c, written.get());
            assertThat(c.get("/api/v1/environments").json().findValuesAsText("name"))
                    .contains("env-0", "env-1", "env-2", "env-3", "env-4", "env-5");
            servers.remove(1).close();
            write(c, written, 5);
            awaitAllSee(c, written.get());
            awaitAllSee(a, written.get());
            awaitSpread(a, 2);
        } finally {
            long before = answered.get();
            await().atMost(PATIENCE).until(() -> answered.get() > before || !wrong.isEmpty());
            asking.interrupt();
            asking.join();
        }
        assertThat(wrong).isEmpty();
        assertThat(digests(a)).hasSize(ENVIRONMENTS);
    }

    @Test
    void aCopyAnswersWhenStaleAnswersWillDoAndTakesOver() throws Exception {
        HttpClientForTest a = start(1);
        HttpClientForTest b = start(1);
        append(a, FIRST, "{\"type\": \"FlagCreated\", \"flag\": \"f\"}");
        String path = "/api/v1/environments/%s/".formatted(FIRST);
        // Kafka Streams gives a partition's other instance the copy once both are settled.
        await().atMost(PATIENCE)
                .until(() -> held(a, "STANDBY").stream()
                        .anyMatch(held -> held.path("sequence").asLong() == 1));
        JsonNode active = held(a, "ACTIVE").get(0);
        JsonNode standby = held(a, "STANDBY").get(0);
        assertThat(standby.get("stateDigest")).isEqualTo(active.get("stateDigest"));
        List<Answer> stale = List.of(a.get(path + "flags/f?at=1&stale=true"), b.get(path + "flags/f?at=1&stale=true"));
        assertThat(stale).allMatch(answer -> answer.status() == 200);
        assertThat(stale.stream().map(answer -> answer.header("Ledger-Stale"))).containsExactlyInAnyOrder("", "true");
        assertThat(stale.stream().map(answer -> answer.header("Ledger-Instance")))
                .doesNotHaveDuplicates();
        assertThat(List.of(a.get(path + "head?stale=true"), b.get(path + "head?stale=true")))
                .allMatch(answer -> answer.json().get("sequence").intValue() == 1)
                .filteredOn(answer -> answer.json().path("stale").booleanValue())
                .hasSize(1);
        assertThat(a.get(path + "flags/f?at=1").header("Ledger-Instance"))
                .as("without it the owner answers, whoever is asked")
                .isEqualTo(b.get(path + "flags/f?at=1").header("Ledger-Instance"));

        boolean ownerIsFirst = a.get(path + "head")
                .header("Ledger-Instance")
                .endsWith(":" + a.uri("/").getPort());
        servers.remove(ownerIsFirst ? 0 : 1).close();
        HttpClientForTest left = ownerIsFirst ? b : a;
        assertThat(left.get(path + "flags/f?at=1&stale=true").status()).isEqualTo(200);
        await().atMost(PATIENCE).until(() -> left.get(path + "head").status() == 200);
        assertThat(left.get(path + "head").header("Ledger-Instance"))
                .endsWith(":" + left.uri("/").getPort());
    }

    @Test
    void anInstanceWithoutStoresAsksOneThatHasThem() throws Exception {
        HttpClientForTest projector = start(0);
        append(projector, FIRST, "{\"type\": \"FlagCreated\", \"flag\": \"f\"}");
        HttpClientForTest gateway = start(new Fleet(null, 0, null, List.of(projector.uri("/"))), Set.of(Role.GATEWAY));
        HttpClientForTest lonely = start(new Fleet(null, 0, null, List.of()), Set.of(Role.GATEWAY));
        HttpClientForTest lost =
                start(new Fleet(null, 0, null, List.of(URI.create("http://127.0.0.1:1/"))), Set.of(Role.GATEWAY));
        String path = "/api/v1/environments/" + FIRST;
        Answer answer = gateway.get(path + "/flags/f/history");
        assertThat(answer.json().at("/revisions/0/event/flag").textValue()).isEqualTo("f");
        assertThat(answer.header("Ledger-Instance"))
                .endsWith(":" + projector.uri("/").getPort());
        assertThat(gateway.post(path + "/evaluations", "{\"flag\": \"f\"}").status())
                .isEqualTo(200);
        assertThat(gateway.post(path + "/evaluations", "{\"flag\": \"f\", \"at\": 1}")
                        .status())
                .isEqualTo(200);
        assertThat(gateway.get("/api/v1/instances").json().get("instances")).hasSize(2);
        assertThat(gateway.get("/").status()).isEqualTo(404);
        Answer noConsole = gateway.post(path + "/changes", "{}");
        assertThat(noConsole.status()).isEqualTo(404);
        assertThat(noConsole.json().get("detail").textValue()).contains("has not the role console, only gateway");
        Answer noProjector = lonely.get(path + "/events");
        assertThat(noProjector.status()).isEqualTo(404);
        assertThat(noProjector.json().get("detail").textValue())
                .contains("has not the role projector", "--projector-url");
        Answer nobody = lost.get(path + "/events");
        assertThat(nobody.status()).isEqualTo(503);
        assertThat(nobody.json().get("detail").textValue()).contains("127.0.0.1:1 does not answer");
    }

    @Test
    void aFeedAtAnotherInstanceGoesOnWhenTheOwnerGoes() throws Exception {
        HttpClientForTest a = start(1);
        append(a, FIRST, "{\"type\": \"FlagCreated\", \"flag\": \"f\"}");
        HttpClientForTest b = start(1);
        HttpClientForTest c = start(1);
        String path = "/api/v1/environments/" + FIRST;
        await().atMost(PATIENCE).until(() -> a.get(path + "/head").status() == 200);
        String owner = a.get(path + "/head").header("Ledger-Instance");
        List<HttpClientForTest> all = List.of(a, b, c);
        HttpClientForTest other = all.stream()
                .filter(http -> !owner.endsWith(":" + http.uri("/").getPort()))
                .findFirst()
                .orElseThrow();
        var request = other.request(path + "/feed?after=0").header("Accept", "text/event-stream");
        try (BufferedReader feed = new BufferedReader(new InputStreamReader(
                other.client()
                        .send(request.build(), BodyHandlers.ofInputStream())
                        .body(),
                StandardCharsets.UTF_8))) {
            assertThat(nextChange(feed)).isEqualTo("id: 1");
            for (LedgerServer server : List.copyOf(servers)) {
                if (owner.endsWith(":" + server.httpPort())) {
                    servers.remove(server);
                    server.close();
                }
            }
            append(other, FIRST, "{\"type\": \"KillSwitchEngaged\", \"flag\": \"f\"}");
            assertThat(nextChange(feed)).isEqualTo("id: 2");
        }
    }

    /** The id of the next change. */
    private static String nextChange(BufferedReader feed) throws Exception {
        String id = "";
        boolean change = false;
        for (String line = feed.readLine(); line != null; line = feed.readLine()) {
            if (line.startsWith("id:")) {
                id = line;
            }
            change |= line.equals("event: change");
            if (line.isEmpty() && change) {
                return id;
            }
        }
        return "the feed has ended";
    }

    /**
     * An answer is right, or 503: the flag's revision is what the position says, in one cut, and no older than what was
     * written before it was asked for.
     */
    private static void judge(
            HttpClientForTest http,
            String environment,
            long written,
            ConcurrentLinkedQueue<String> wrong,
            AtomicLong answered) {
        Answer answer = http.get("/api/v1/environments/%s/flags/f/history?after=%d".formatted(environment, written));
        if (answer.status() == 503) {
            if (answer.header("Retry-After").isEmpty()) {
                wrong.add("no Retry-After: " + answer.text());
            }
            return;
        }
        List<Long> sequences = new ArrayList<>();
        answer.json()
                .path("revisions")
                .forEach(
                        revision -> sequences.add(revision.at("/event/sequence").asLong()));
        boolean whole = answer.status() == 200
                && answer.json().path("sequence").asLong() == sequences.size()
                && sequences.size() >= written;
        for (int i = 0; i < sequences.size(); i++) {
            whole &= sequences.get(i) == i + 1;
        }
        if (whole) {
            answered.incrementAndGet();
        } else {
            wrong.add("after %d: %d %s".formatted(written, answer.status(), answer.text()));
        }
    }

    private void write(HttpClientForTest http, AtomicLong written, int times) {
        for (int i = 0; i < times; i++) {
            for (int j = 0; j < ENVIRONMENTS; j++) {
                boolean killed = written.get() % 2 == 0;
                append(
                        http,
                        "env-" + j,
                        "{\"type\": \"%s\", \"flag\": \"f\"}"
                                .formatted(killed ? "KillSwitchReleased" : "KillSwitchEngaged"));
            }
            written.incrementAndGet();
        }
    }

    private void awaitAllSee(HttpClientForTest http, long sequence) {
        for (int i = 0; i < ENVIRONMENTS; i++) {
            String path = "/api/v1/environments/env-%d/head?after=%d".formatted(i, sequence);
            await().atMost(PATIENCE).until(() -> {
                Answer head = http.get(path);
                return head.status() == 200 && head.json().get("sequence").longValue() == sequence;
            });
        }
    }

    /** Waits until there are so many instances, all answer, and more than one of them owns something. */
    private static void awaitSpread(HttpClientForTest http, int instances) {
        await().atMost(PATIENCE).until(() -> {
            JsonNode answer = http.get("/api/v1/instances").json();
            Set<String> owners = new TreeSet<>();
            answer.path("instances").forEach(instance -> {
                if (instance.path("environments").findValuesAsText("role").contains("ACTIVE")) {
                    owners.add(instance.path("id").asText());
                }
            });
            return answer.path("instances").size() == instances && !answer.has("silent") && owners.size() > 1;
        });
    }

    private static List<JsonNode> held(HttpClientForTest http, String role) {
        List<JsonNode> all = new ArrayList<>();
        http.get("/api/v1/instances?environment=" + FIRST)
                .json()
                .path("instances")
                .forEach(instance -> instance.path("environments").forEach(held -> {
                    if (held.path("role").asText().equals(role)) {
                        all.add(held);
                    }
                }));
        return all;
    }

    /** One digest an environment, since all who have come to the same position have the same. */
    private static Set<String> digests(HttpClientForTest http) {
        Set<String> digests = new TreeSet<>();
        http.get("/api/v1/instances")
                .json()
                .path("instances")
                .forEach(instance -> instance.path("environments").forEach(held -> {
                    if (held.path("role").asText().equals("ACTIVE")) {
                        digests.add(held.path("environment").asText() + " "
                                + held.path("stateDigest").asText());
                    }
                }));
        return digests;
    }

    private HttpClientForTest start(int standbys) throws InterruptedException {
        return start(new Fleet(null, standbys, null, List.of()), Set.of(Role.values()));
    }

    private HttpClientForTest start(Fleet fleet, Set<Role> roles) throws InterruptedException {
        Path state = folder.resolve("state-" + started.incrementAndGet());
        LedgerServer server = LedgerServer.start(
                new ServerConfig(connection, topics, FIRST, state, "127.0.0.1", 0, TokensForTest.AUTH)
                        .withRoles(roles)
                        .withFleet(fleet));
        servers.add(server);
        assertThat(server.awaitReady(PATIENCE)).isTrue();
        return new HttpClientForTest(server.httpPort());
    }

    private static void append(HttpClientForTest http, String environment, String change) {
        Answer done = http.post(
                "/api/v1/environments/%s/changes".formatted(environment),
                "{\"actor\": \"dana\", \"reason\": \"test\", \"changes\": [%s]}".formatted(change));
        assertThat(done.status()).as(done.text()).isEqualTo(201);
    }
}
