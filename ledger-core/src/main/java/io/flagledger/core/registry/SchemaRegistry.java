package io.flagledger.core.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a Schema Registry which id a schema has, and which schema an id stands for, and keeps in mind what it was told: an
 * id never changes its meaning. Any number of threads may use it.
 *
 * <p>Where several addresses are given, each is tried, the one that answered last before the others; and all of them again,
 * after a pause that grows, until the time is up.
 */
public final class SchemaRegistry {
    private static final String JSON = "application/vnd.schemaregistry.v1+json";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration ONE_REQUEST = Duration.ofSeconds(2);
    private static final Duration ABSENT_FOR = Duration.ofSeconds(10);
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final int MOST_DOUBLINGS = 4;
    private static final int MOST_OF_A_BODY = 200;

    private static final int TOO_MANY = 429;
    private static final int SUBJECT_NOT_FOUND = 40401;
    private static final int SCHEMA_NOT_FOUND = 40403;

    private final List<Endpoint> endpoints;
    private final boolean registers;
    private final Duration patience;
    private final ObjectMapper json = new ObjectMapper();
    private final Map<Registered, Integer> ids = new ConcurrentHashMap<>();
    private final Map<Integer, String> schemas = new ConcurrentHashMap<>();
    private final Map<Integer, Long> absentSince = new ConcurrentHashMap<>();
    private volatile int preferred;
    private @Nullable HttpClient http;

    SchemaRegistry(List<Endpoint> endpoints, boolean registers, Duration patience) {
        this.endpoints = List.copyOf(endpoints);
        this.registers = registers;
        this.patience = patience;
    }

    /**
     * The registry that the properties name, under the names that Confluent's clients know: {@code schema.registry.url} (several
     * joined by commas), {@code basic.auth.*}, {@code bearer.auth.*} and {@code auto.register.schemas}. Nobody is called yet.
     *
     * @return nothing if they name none
     * @throws IllegalArgumentException if they can't be followed
     */
    public static Optional<SchemaRegistry> from(Map<String, String> properties) {
        return from(properties, PATIENCE);
    }

    static Optional<SchemaRegistry> from(Map<String, String> properties, Duration patience) {
        String urls = properties.getOrDefault("schema.registry.url", "");
        if (urls.isBlank()) {
            return Optional.empty();
        }
        String authorization = Credentials.authorization(properties);
        List<Endpoint> endpoints = Arrays.stream(urls.split(",", -1))
                .map(String::trim)
                .filter(url -> !url.isEmpty())
                .map(url -> Endpoint.of(url, authorization))
                .toList();
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("schema.registry.url names no address");
        }
        String registers =
                properties.getOrDefault("auto.register.schemas", "true").trim();
        if (!registers.equals("true") && !registers.equals("false")) {
            throw new IllegalArgumentException("auto.register.schemas can be true and false, but not " + registers);
        }
        return Optional.of(new SchemaRegistry(endpoints, registers.equals("true"), patience));
    }

    /**
     * The id of a schema in a subject. It is registered where it is missing, unless {@code auto.register.schemas} is false.
     *
     * @throws RegistryUnavailableException if no registry answered in time
     * @throws RegistryRefusedException if it may not be registered, or is missing and is not to be
     */
    public int id(String subject, String schema) {
        Registered wanted = new Registered(subject, schema);
        Integer known = ids.get(wanted);
        if (known != null) {
            return known;
        }
        String path = "/subjects/" + encoded(subject);
        String body = json.createObjectNode().put("schema", schema).toString();
        Answer answer = ask("POST", registers ? path + "/versions" : path, body);
        if (!registers && answer.isAbsent()) {
            throw new RegistryRefusedException(
                    "the subject %s does not hold this schema, and auto.register.schemas is false: register it, or set that to true"
                            .formatted(subject));
        }
        JsonNode id = answer.expect().path("id");
        if (!id.canConvertToInt() || !id.isIntegralNumber()) {
            throw answer.foreign();
        }
        ids.put(wanted, id.intValue());
        return id.intValue();
    }

    /**
     * The schema that an id stands for; nothing if the registry says that there is none, which is believed for some seconds.
     *
     * @throws RegistryUnavailableException if no registry answered in time
     * @throws RegistryRefusedException if it does not want to tell
     */
    public Optional<String> schema(int id) {
        String known = schemas.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        Long since = absentSince.get(id);
        if (since != null && System.nanoTime() - since < ABSENT_FOR.toNanos()) {
            return Optional.empty();
        }
        Answer answer = ask("GET", "/schemas/ids/" + id, null);
        if (answer.isAbsent()) {
            absentSince.put(id, System.nanoTime());
            return Optional.empty();
        }
        JsonNode schema = answer.expect().path("schema");
        if (!schema.isTextual()) {
            throw answer.foreign();
        }
        schemas.put(id, schema.textValue());
        return Optional.of(schema.textValue());
    }

    private Answer ask(String method, String path, @Nullable String body) {
        long started = System.nanoTime();
        String last = "";
        for (int round = 0; ; round++) {
            int first = preferred;
            for (int i = 0; i < endpoints.size(); i++) {
                int number = (first + i) % endpoints.size();
                Endpoint endpoint = endpoints.get(number);
                long left = patience.toNanos() - (System.nanoTime() - started);
                if (left <= 0) {
                    throw unavailable(last, started);
                }
                try {
                    Answer answer = send(endpoint, method, path, body, Duration.ofNanos(left));
                    if (!answer.isPassing()) {
                        preferred = number;
                        return answer;
                    }
                    last = answer.said();
                } catch (IOException e) {
                    if (!last.isEmpty() && left < ONE_REQUEST.toNanos()) {
                        continue; // cut short by the end of the time, which tells less than what was said before
                    }
                    last = "%s did not answer: %s".formatted(endpoint, e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw unavailable("interrupted", started);
                }
            }
            pause(round, last, started);
        }
    }

    private Answer send(Endpoint endpoint, String method, String path, @Nullable String body, Duration longest)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.at(path))
                .timeout(longest.compareTo(ONE_REQUEST) < 0 ? longest : ONE_REQUEST)
                .header("Accept", JSON + ", application/json")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", JSON);
        }
        if (endpoint.authorization() != null) {
            request.header("Authorization", endpoint.authorization());
        }
        HttpResponse<String> response = http().send(request.build(), BodyHandlers.ofString());
        return new Answer(endpoint + path, response.statusCode(), response.body(), parsed(response.body()));
    }

    private JsonNode parsed(String body) {
        try {
            return json.readTree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance(); // the answer's status says what to make of it
        }
    }

    private void pause(int round, String last, long started) {
        long longest = FIRST_PAUSE_MILLIS << Math.min(round, MOST_DOUBLINGS);
        long left = TimeUnit.NANOSECONDS.toMillis(patience.toNanos() - (System.nanoTime() - started));
        try {
            Thread.sleep(Math.max(0, Math.min(left, ThreadLocalRandom.current().nextLong(longest / 2, longest))));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(last, started);
        }
    }

    private static RegistryUnavailableException unavailable(String last, long started) {
        return new RegistryUnavailableException(last, Duration.ofNanos(System.nanoTime() - started));
    }

    /** Made when it is first needed: it brings a thread with it. */
    private synchronized HttpClient http() {
        HttpClient made = http;
        if (made == null) {
            made = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(ONE_REQUEST)
                    .build(); // follows no redirect: credentials go where they were meant for
            http = made;
        }
        return made;
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The addresses, without credentials. */
    @Override
    public String toString() {
        return String.join(",", endpoints.stream().map(Endpoint::toString).toList());
    }

    private record Registered(String subject, String schema) {}

    /** What a registry said. */
    private record Answer(String address, int status, String body, JsonNode json) {
        /** Whether another registry, or the same one later, may answer otherwise. */
        boolean isPassing() {
            return status >= 500 || status == TOO_MANY || status == 408;
        }

        boolean isAbsent() {
            int code = json.path("error_code").asInt();
            return status == 404 && (code == SUBJECT_NOT_FOUND || code == SCHEMA_NOT_FOUND);
        }

        JsonNode expect() {
            if (status / 100 == 2) {
                return json;
            }
            throw status == 404 ? foreign() : new RegistryRefusedException(said());
        }

        RegistryRefusedException foreign() {
            return new RegistryRefusedException(
                    said()
                            + ", which is not of the Schema Registry's API: is schema.registry.url its base, such as http://host:8081?");
        }

        String said() {
            String message = json.path("message").asText("");
            String why = message.isEmpty() ? body.strip() : message;
            return "%s answered %d%s"
                    .formatted(
                            address,
                            status,
                            why.isEmpty() ? "" : ": " + why.substring(0, Math.min(why.length(), MOST_OF_A_BODY)));
        }
    }
}
