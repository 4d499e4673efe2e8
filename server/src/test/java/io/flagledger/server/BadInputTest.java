package io.flagledger.server;

import static io.flagledger.server.ServerForTest.change;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.server.HttpClientForTest.Answer;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever is sent, the answer says what was wrong with it, and nothing half-done stays. */
@ExtendWith(KafkaExtension.class)
final class BadInputTest {
    private static final long SEED = 20261125;
    private static final int MUTATIONS = 1_500;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String E = "/api/v1/environments/test";
    private static final List<String> NASTY = List.of(
            "",
            " ",
            "\u0000",
            "a\u0007b",
            "\ud800",
            "<script>",
            "../../etc/passwd",
            "%00",
            "'; DROP TABLE flags",
            "\u202e",
            "x".repeat(300),
            "NaN",
            "-1",
            "1e400",
            "9223372036854775808",
            "null",
            "true",
            "[]",
            "{}",
            "#0",
            "2026-99-99");

    private static @Nullable ServerForTest server;

    private HttpClientForTest http;

    @BeforeEach
    void open(KafkaForTest kafka) {
        if (server == null) {
            server = ServerForTest.start(kafka, config -> config.withRequestsPerSecond(0));
            assertThat(change(server.http(), "test", "begin", "{'type': 'FlagCreated', 'flag': 'gastown'}")
                            .status())
                    .isEqualTo(201);
        }
        http = server.http();
    }

    @AfterAll
    static void close() {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    private static void assertHelpful(Answer answer, String what) {
        assertThat(answer.status()).as("%s: %s", what, answer.text()).isBetween(400, 499);
        assertThat(answer.contentType()).as(what).isEqualTo("application/problem+json");
        assertThat(answer.json().path("detail").asText()).as(what).isNotBlank();
        assertThat(answer.text()).as(what).doesNotContain("Exception", "at io.flagledger");
    }

    private long sequence() {
        return http.get(E + "/flags").json().get("sequence").longValue();
    }

    @Test
    void bodiesThatAreNoneAreToldAsSuch() {
        String deep = "[".repeat(5_000) + "]".repeat(5_000);
        String wide = IntStream.range(0, 10_001)
                .mapToObj(i -> "{\"id\": \"u-%d\"}".formatted(i))
                .collect(Collectors.joining(",", "[", "]"));
        List<String> bodies = List.of(
                "",
                "{",
                "null",
                "42",
                "\"text\"",
                "[]",
                deep,
                "{\"a\":" + deep + "}",
                "{\"reason\": \"x\", \"reason\": \"y\"}",
                "{} {}",
                "\u0000",
                "{\"reason\": \"\\ud800\", \"changes\": [{\"type\": \"FlagArchived\", \"flag\": \"gastown\"}]}",
                "{\"reason\": \"x\", \"changes\": [{\"type\": \"AllowlistChanged\", \"flag\": \"gastown\", \"added\": {\"users\": %s}}]}"
                        .formatted(wide),
                "{\"reason\": \"%s\", \"changes\": [{\"type\": \"FlagArchived\", \"flag\": \"gastown\"}]}"
                        .formatted("x".repeat(1_001)),
                "{\"reason\": \"x\", \"changes\": %s}".formatted(deep));
        long before = sequence();
        for (String path : List.of("/changes", "/preview", "/evaluations", "/evaluators", "/admissions")) {
            for (String body : bodies) {
                Answer answer = http.post(E + path, body);
                if (path.equals("/preview") && answer.status() == 200) {
                    assertThat(answer.json().at("/refusal/detail").asText())
                            .as(body)
                            .isNotBlank();
                } else {
                    assertHelpful(answer, path + " " + body.substring(0, Math.min(80, body.length())));
                }
            }
            Answer huge = http.post(E + path, "{\"reason\": \"" + "x".repeat(5 << 20) + "\"}");
            assertThat(huge.status()).isEqualTo(413);
            assertHelpful(huge, path + " huge");
            byte[] broken = {'{', '"', (byte) 0xc3, (byte) 0x28, '"', ':', '1', '}'};
            assertHelpful(
                    http.send(http.request(E + path)
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofByteArray(broken))),
                    path + " bad UTF-8");
            assertHelpful(
                    http.send(http.request(E + path)
                            .header("Content-Type", "application/xml")
                            .POST(BodyPublishers.ofString("<a/>"))),
                    path + " XML");
        }
        assertThat(sequence()).isEqualTo(before);
    }

    @Test
    void parametersThatMakeNoSenseAreToldAsSuch() {
        JsonNode paths = http.get("/openapi.json").json().get("paths");
        Random random = new Random(SEED);
        paths.properties().forEach(path -> {
            if (!path.getKey().startsWith("/api/")
                    || !path.getValue().has("get")
                    || path.getKey().endsWith("/feed")) {
                return;
            }
            String address = path.getKey().replace("{environment}", "test").replace("{key}", "gastown");
            if (!address.equals("/api/v1/sign-in")) {
                assertHelpful(http.get(address + "?no-such-parameter=1"), address);
            }
            for (JsonNode parameter : path.getValue().path("get").path("parameters")) {
                String name = parameter.has("$ref")
                        ? parameter.get("$ref").textValue().replaceAll(".*/", "")
                        : parameter.get("name").textValue();
                String value = NASTY.get(random.nextInt(NASTY.size()));
                Answer answer = http.get(address + "?" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
                assertThat(answer.status())
                        .as("%s ?%s=%s: %s", address, name, value, answer.text())
                        .isLessThan(500);
            }
        });
        for (String nasty : NASTY) {
            String word = URLEncoder.encode(nasty, StandardCharsets.UTF_8).replace("+", "%20");
            for (String address : List.of(
                    "/api/v1/environments/" + word + "/flags",
                    E + "/flags/" + word,
                    E + "/flags/" + word + "/history",
                    "/" + word)) {
                Answer answer = http.get(address);
                assertThat(answer.status()).as("%s: %s", address, answer.text()).isLessThan(500);
            }
        }
    }

    @Test
    void otherMethodsAreToldAsSuch() {
        http.get("/openapi.json").json().get("paths").properties().forEach(path -> {
            if (path.getKey().startsWith("/ofrep/")) {
                return;
            }
            String address = path.getKey().replace("{environment}", "test").replace("{key}", "gastown");
            for (String method : List.of("DELETE", "PUT", "PATCH", "POST", "GET")) {
                if (!path.getValue().has(method.toLowerCase(Locale.ROOT))) {
                    HttpRequest.Builder request = http.request(address)
                            .header("Content-Type", "application/json")
                            .method(method, BodyPublishers.ofString("{}"));
                    assertHelpful(http.send(request), method + " " + address);
                }
            }
        });
    }

    @Test
    void changesThatWereDisfiguredAreRefusedOrWholeButNeverHalf() throws Exception {
        List<JsonNode> sound = new ArrayList<>();
        for (String body : List.of(
                "{'reason': 'r', 'changes': [{'type': 'FlagCreated', 'flag': 'f', 'valueType': 'STRING', 'variants': {'a': 'x', 'b': 'y'}, 'off': 'a', 'on': [{'variant': 'b', 'weight': 3}], 'parents': [{'flag': 'gastown', 'variants': ['on']}], 'tags': ['t'], 'seed': 's', 'bucketBy': 'USER'}]}",
                "{'reason': 'r', 'expectedRevision': 1, 'changeId': 'c', 'changes': [{'type': 'StageMoved', 'flag': 'gastown', 'to': 'PERCENTAGE', 'percentage': 12.5, 'skip': true}]}",
                "{'reason': 'r', 'onBehalfOf': 'lee', 'changes': [{'type': 'AllowlistChanged', 'flag': 'gastown', 'added': {'users': [{'id': 'ada', 'org': 'acme'}], 'orgs': ['globex']}, 'removed': {'users': [], 'orgs': ['x']}}]}",
                "{'reason': 'r', 'changes': [{'type': 'KillSwitchEngaged', 'flag': 'gastown', 'scope': 'NEW_ACCESS'}, {'type': 'FlagRestored', 'flag': 'gastown', 'revision': 1}, {'type': 'FlagArchived', 'flag': 'gastown'}]}")) {
            sound.add(JSON.readTree(body.replace('\'', '"')));
        }
        Random random = new Random(SEED);
        long before = sequence();
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            JsonNode body = sound.get(random.nextInt(sound.size())).deepCopy();
            for (int j = 0; j <= random.nextInt(3); j++) {
                disfigure(body, random);
            }
            Answer answer = http.post(E + "/changes", body.toString());
            String what = "seed %d, mutation %d: %s".formatted(SEED, i, body);
            if (answer.status() == 201) {
                int events = answer.json().get("events").size();
                assertThat(events).as(what).isEqualTo(body.get("changes").size());
                assertThat(answer.json().get("sequence").longValue()).as(what).isEqualTo(before + events);
                before += events;
            } else if (answer.status() != 200) {
                assertHelpful(answer, what);
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(MUTATIONS / 2);
        Answer head = http.get(E + "/verification?after=" + before);
        assertThat(head.json().get("sequence").longValue()).isEqualTo(before);
        assertThat(head.json().get("valid").booleanValue()).as(head.text()).isTrue();
    }

    private static void disfigure(JsonNode node, Random random) {
        if (node instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(7)) {
                case 0 -> object.remove(name);
                case 1 -> object.set(name, nasty(random));
                case 2 -> object.set(NASTY.get(random.nextInt(NASTY.size())), nasty(random));
                default -> disfigure(object.get(name), random);
            }
        } else if (node instanceof ArrayNode array && !array.isEmpty()) {
            int index = random.nextInt(array.size());
            switch (random.nextInt(5)) {
                case 0 -> array.set(index, nasty(random));
                case 1 -> array.add(array.get(index).deepCopy());
                case 2 -> array.remove(index);
                default -> disfigure(array.get(index), random);
            }
        }
    }

    private static JsonNode nasty(Random random) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        return switch (random.nextInt(6)) {
            case 0 -> make.nullNode();
            case 1 -> make.numberNode(random.nextInt(200) - 100);
            case 2 -> make.numberNode(random.nextDouble() * 1e300);
            case 3 -> make.arrayNode().add(make.objectNode());
            case 4 -> make.booleanNode(random.nextBoolean());
            default -> make.textNode(NASTY.get(random.nextInt(NASTY.size())));
        };
    }

    @Test
    void whoAsksTooOftenIsToldWhenToComeBack(KafkaForTest kafka) {
        try (ServerForTest slow = ServerForTest.start(kafka, config -> config.withRequestsPerSecond(5))) {
            HttpClientForTest often = slow.http();
            Answer last = often.get("/api/v1/me");
            for (int i = 0; i < 200 && last.status() == 200; i++) {
                last = often.get("/api/v1/me");
            }
            assertThat(last.status()).isEqualTo(429);
            assertHelpful(last, "too often");
            assertThat(Long.parseLong(last.header("Retry-After"))).isPositive();
            assertThat(often.as(TokensForTest.admin("lee")).get("/api/v1/me").status())
                    .as("somebody else")
                    .isEqualTo(200);
        }
    }

    @Test
    void answersTellBrowsersToDoNothingElseWithThem() {
        Answer api = http.get("/api/v1/me");
        assertThat(api.header("Content-Security-Policy")).isEqualTo("default-src 'none'; frame-ancestors 'none'");
        assertThat(api.header("Cache-Control")).isEqualTo("no-store");
        Answer page = http.get("/");
        assertThat(page.header("Content-Security-Policy"))
                .contains("frame-ancestors 'none'", "connect-src 'self';")
                .doesNotContain("unsafe-inline");
        for (Answer answer : List.of(api, page, http.get("/api/v1/nothing"))) {
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(answer.header("Permissions-Policy")).contains("camera=()");
            assertThat(answer.header("X-Request-Id")).isNotBlank();
            assertThat(answer.header("Set-Cookie")).isEmpty();
            assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
        }
    }
}
