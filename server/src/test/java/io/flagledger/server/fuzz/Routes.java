package io.flagledger.server.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a server says of itself in /openapi.json: where it can be asked, and by what. */
record Routes(List<Route> all) {
    private static final String CHANGE = "{\"reason\":\"r\",\"changes\":[%s,"
            + "{\"type\":\"KillSwitchEngaged\",\"flag\":\"ghost\",\"scope\":\"ALL_ACCESS\"}]}";

    /**
     * Sound bodies, of which those that would change something name a flag twice that is not there: however they are bent,
     * no batch of them can be made.
     */
    private static final Map<String, List<String>> BODIES = Map.of(
            "changes",
            List.of(
                    CHANGE.formatted(
                            "{\"type\":\"FlagCreated\",\"flag\":\"f\",\"valueType\":\"STRING\",\"variants\":{\"a\":\"x\",\"b\":\"y\"},\"off\":\"a\","
                                    + "\"on\":[{\"variant\":\"b\",\"weight\":3}],\"parents\":[{\"flag\":\"ghost\",\"variants\":[\"on\"]}],\"tags\":[\"t\"],\"seed\":\"s\",\"bucketBy\":\"USER\"}"),
                    CHANGE.formatted(
                            "{\"type\":\"StageMoved\",\"flag\":\"ghost\",\"to\":\"PERCENTAGE\",\"percentage\":12.5,\"skip\":true}"),
                    CHANGE.formatted(
                            "{\"type\":\"AllowlistChanged\",\"flag\":\"ghost\",\"added\":{\"users\":[{\"id\":\"ada\",\"org\":\"acme\"}],\"orgs\":[\"globex\"]},\"removed\":{\"users\":[],\"orgs\":[\"x\"]}}"),
                    CHANGE.formatted("{\"type\":\"FlagRestored\",\"flag\":\"ghost\",\"revision\":1}")),
            "preview",
            List.of(
                    "{\"reason\":\"r\",\"changes\":[{\"type\":\"StageMoved\",\"flag\":\"gastown\",\"to\":\"ALLOWLIST\"}],\"contexts\":[{\"targetingKey\":\"ada\",\"orgId\":\"acme\"},{\"admin\":true}]}"),
            "evaluations",
            List.of(
                    "{\"flag\":\"gastown\",\"context\":{\"targetingKey\":\"ada\",\"orgId\":\"acme\",\"admin\":false},\"at\":1}",
                    "{\"context\":{\"targetingKey\":\"ada\"},\"at\":\"2026-01-31\"}"),
            "evaluators",
            List.of(
                    "{\"id\":\"e-1\",\"state\":\"READY\",\"sequence\":1,\"stateDigest\":\"00\",\"lag\":0,\"silenceMillis\":3,\"host\":\"h\",\"version\":\"1\"}"),
            "admissions",
            List.of("{\"flag\":\"gastown\",\"context\":{\"targetingKey\":\"ada\",\"admin\":true},\"seconds\":60}"),
            "ofrep",
            List.of(
                    "{\"context\":{\"targetingKey\":\"ada\",\"orgId\":\"acme\",\"more\":{\"a\":[1,2.5,null]}}}",
                    "{\"context\":{}}"));

    /**
     * A way to ask.
     *
     * @param path with its parameters in braces
     * @param bodies sound ones; none where none is taken
     */
    record Route(String method, String path, List<String> query, List<String> bodies) {}

    static Routes of(JsonNode openApi) {
        List<Route> all = new ArrayList<>();
        openApi.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> all.add(new Route(
                                operation.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                query(openApi, operation.getValue()),
                                operation.getValue().has("requestBody") ? bodies(path.getKey()) : List.of()))));
        return new Routes(List.copyOf(all));
    }

    private static List<String> query(JsonNode openApi, JsonNode operation) {
        List<String> names = new ArrayList<>();
        for (JsonNode parameter : operation.path("parameters")) {
            JsonNode said = parameter.has("$ref")
                    ? openApi.at(parameter.get("$ref").textValue().substring(1))
                    : parameter;
            if (said.path("in").asText().equals("query")) {
                names.add(said.path("name").asText());
            }
        }
        return List.copyOf(names);
    }

    private static List<String> bodies(String path) {
        String last = path.startsWith("/ofrep/") ? "ofrep" : path.replaceAll(".*/", "");
        List<String> bodies = BODIES.get(last);
        if (bodies == null) {
            throw new IllegalStateException("what does %s take? The fuzzer must know".formatted(path));
        }
        return bodies;
    }
}
