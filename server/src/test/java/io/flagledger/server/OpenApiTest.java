package io.flagledger.server;

import static io.flagledger.server.ServerForTest.change;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.server.HttpClientForTest.Answer;
import java.net.http.HttpRequest;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code /openapi.json} held against the server that gives it. */
@ExtendWith(KafkaExtension.class)
final class OpenApiTest {
    private static @Nullable ServerForTest server;

    private HttpClientForTest http;
    private SortedSet<String> served;
    private JsonNode description;

    @BeforeEach
    void open(KafkaForTest kafka) {
        if (server == null) {
            server = ServerForTest.start(kafka);
        }
        http = server.http();
        served = server.served();
        description = http.get("/openapi.json").json();
    }

    @AfterAll
    static void close() {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    @Test
    void everyRouteIsDescribedAndNothingElse() {
        SortedSet<String> described = new TreeSet<>();
        description
                .get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        SortedSet<String> programs = new TreeSet<>(served);
        programs.removeIf(route ->
                !route.matches("[A-Z]+ /(api|ofrep|healthz|readyz|metrics|openapi).*") || route.startsWith("OPTIONS "));
        assertThat(described).isEqualTo(programs);
        assertThat(programs).hasSizeGreaterThan(25);
    }

    @Test
    void whatIsDescribedAsTakingATokenTakesOne() {
        description
                .get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    String method = operation.getKey().toUpperCase(Locale.ROOT);
                    String address = path.getKey().replaceAll("\\{[a-z]+}", "x");
                    Answer answer = http.send(HttpRequest.newBuilder(http.uri(address))
                            .header("Content-Type", "application/json")
                            .method(method, HttpRequest.BodyPublishers.ofString(method.equals("GET") ? "" : "{}")));
                    boolean open =
                            operation.getValue().path("security").isArray() && !address.equals("/ofrep/v1/stream");
                    assertThat(answer.status() == 401)
                            .as("%s %s answers %d", method, address, answer.status())
                            .isEqualTo(!open);
                    assertThat(answer.status()).isLessThan(500);
                }));
    }

    @Test
    void theAnswersOfAStoryAreAsDescribed() {
        String e = "/api/v1/environments/test";
        Answer created = change(
                http,
                "test",
                "begin",
                "{'type': 'FlagCreated', 'flag': 'gastown', 'title': 'Gastown', 'tags': ['a'], 'ticket': 'https://t/1'}",
                "{'type': 'FlagCreated', 'flag': 'gastown.merge', 'valueType': 'STRING', 'variants': {'direct': 'd', 'pr': 'p'},"
                        + " 'off': 'direct', 'on': [{'variant': 'pr', 'weight': 1}], 'parents': [{'flag': 'gastown', 'variants': ['on']}]}");
        holds("/api/v1/environments/{environment}/changes", "post", created);
        change(http, "test", "partners", "{'type': 'StageMoved', 'flag': 'gastown', 'to': 'ALLOWLIST'}", """
                {'type': 'AllowlistChanged', 'flag': 'gastown', 'added': {'users': [{'id': 'ada', 'org': 'acme'}], 'orgs': ['globex']}}""");
        change(
                http,
                "test",
                "more",
                "{'type': 'StageMoved', 'flag': 'gastown', 'to': 'PERCENTAGE', 'percentage': 12.5}");
        holds("/api/v1/environments/{environment}/changes", "post", change(http, "test", "stop", """
                {'type': 'KillSwitchEngaged', 'flag': 'gastown', 'scope': 'ALL_ACCESS'}"""));
        Answer refused = change(http, "test", "again", """
                {'type': 'KillSwitchEngaged', 'flag': 'gastown', 'scope': 'ALL_ACCESS'}""");
        assertThat(refused.status()).isEqualTo(409);
        holds("/api/v1/environments/{environment}/changes", "post", refused);
        http.post(e + "/evaluators", "{\"id\": \"shop-1\", \"state\": \"READY\", \"sequence\": 6}");

        Map<String, String> queries = Map.of(
                "/diff", "?from=2&after=6",
                "/flags/{key}/timeline", "?user=ada&org=acme&after=6",
                "/flags", "?at=3",
                "/events", "?limit=2&atLeast=6",
                "/head", "?after=6");
        Stream.of(
                        "/flags",
                        "/flags/{key}",
                        "/flags/{key}/history",
                        "/flags/{key}/series",
                        "/flags/{key}/timeline",
                        "/diff",
                        "/marks",
                        "/events",
                        "/activity",
                        "/head",
                        "/verification",
                        "/checkpoint",
                        "/evaluators",
                        "/flagd",
                        "/admission-keys")
                .forEach(path -> holds(
                        "/api/v1/environments/{environment}" + path,
                        "get",
                        http.get(e + path.replace("{key}", "gastown") + queries.getOrDefault(path, ""))));
        Stream.of("/api/v1/me", "/api/v1/sign-in", "/api/v1/environments", "/api/v1/instances", "/healthz", "/readyz")
                .forEach(path -> holds(path, "get", http.get(path)));
        holds("/api/v1/environments/{environment}/evaluations", "post", http.post(e + "/evaluations", "{}"));
        holds(
                "/api/v1/environments/{environment}/evaluations",
                "post",
                http.post(
                        e + "/evaluations",
                        "{\"flag\": \"gastown\", \"context\": {\"targetingKey\": \"ada\"}, \"at\": 5}"));
        holds("/api/v1/environments/{environment}/preview", "post", http.post(e + "/preview", """
                {"changes": [{"type": "KillSwitchReleased", "flag": "gastown"}], "contexts": [{"targetingKey": "ada", "orgId": "acme"}]}"""));
        Answer missing = http.get(e + "/flags/nothing");
        assertThat(missing.status()).isEqualTo(404);
        holds("/api/v1/environments/{environment}/flags/{key}", "get", missing);
    }

    /** The answer is one that the description tells of. */
    private void holds(String path, String method, Answer answer) {
        JsonNode responses = description.get("paths").get(path).get(method).get("responses");
        JsonNode response = responses.path(String.valueOf(answer.status()));
        if (response.isMissingNode()) {
            response = responses.get("default");
        }
        String type = answer.contentType().replaceAll(";.*", "");
        JsonNode schema = response.path("content").path(type).path("schema");
        assertThat(schema.isMissingNode())
                .as("%s %s answers %d with %s", method, path, answer.status(), type)
                .isFalse();
        JsonNode whole = schema.deepCopy();
        ((ObjectNode) whole).set("components", description.get("components"));
        Schema compiled = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(whole.toString(), InputFormat.JSON);
        assertThat(compiled.validate(answer.text(), InputFormat.JSON))
                .as("%s %s: %s", method, path, answer.text())
                .isEmpty();
    }
}
