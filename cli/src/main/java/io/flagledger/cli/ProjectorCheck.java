package io.flagledger.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.flagledger.core.codec.StateDigest;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.json.MalformedException;
import io.flagledger.core.kafka.LedgerReader;
import io.flagledger.core.kafka.PublishedState;
import io.flagledger.core.kafka.Reading;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds what projectors made of an environment against a fresh replay of the log: the stores of each instance that holds it,
 * as its owner or standing by, and the state topic, each at the position to which it has come.
 */
final class ProjectorCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Session session;
    private final URI server;

    private final @Nullable String token;

    /** @param token null if there is none */
    ProjectorCheck(Session session, URI server, @Nullable String token) {
        this.token = token;
        this.session = session;
        this.server = server;
    }

    /** What was found, one a holder. */
    List<Finding> findings() {
        String environment = session.environment();
        List<Held> all = new ArrayList<>(instances(environment));
        PublishedState.read(session.connection(), session.topics(), environment, PATIENCE)
                .ifPresent(state -> all.add(new Held(
                        session.topics().state(),
                        "TOPIC",
                        state.sequence(),
                        state.digest().toString(),
                        StateDigest.of(state).toString())));
        Map<Long, EnvironmentState> replayed = replay(environment, all);
        return all.stream().map(held -> compare(held, replayed)).toList();
    }

    private static Finding compare(Held held, Map<Long, EnvironmentState> replayed) {
        EnvironmentState right = replayed.get(held.sequence());
        if (right == null) {
            return new Finding(held, "the log has no state at %d".formatted(held.sequence()));
        }
        if (!right.digest().toString().equals(held.digest())) {
            return new Finding(
                    held, "its last event's digest is %s, the log's is %s".formatted(held.digest(), right.digest()));
        }
        String digest = StateDigest.of(right).toString();
        return new Finding(
                held,
                digest.equals(held.stateDigest())
                        ? ""
                        : "its flags' digest is %s, that of a fresh replay is %s"
                                .formatted(held.stateDigest(), digest));
    }

    /** One walk through the log, which remembers the states that somebody has come to. */
    private Map<Long, EnvironmentState> replay(String environment, List<Held> held) {
        Map<Long, EnvironmentState> states = new HashMap<>();
        states.put(0L, EnvironmentState.empty(environment));
        try (ProgressBar bar = new ProgressBar(session.err())) {
            new LedgerReader(session.connection(), session.topics(), PATIENCE)
                    .read(environment, Reading.ALL.telling(bar), event -> {
                        long sequence = event.sequence();
                        if (held.stream().anyMatch(one -> one.sequence() == sequence)) {
                            states.put(sequence, event.after());
                        }
                        return true;
                    });
        }
        return states;
    }

    private List<Held> instances(String environment) {
        JsonNode answer = ask("api/v1/instances?environment=" + environment);
        for (JsonNode silent : answer.path("silent")) {
            throw Complaint.unreachable(
                    "not all instances answer, so nothing is proven: "
                            + Text.oneLine(silent.path("problem").asText()),
                    null);
        }
        List<Held> held = new ArrayList<>();
        for (JsonNode instance : answer.path("instances")) {
            if (instance.has("problem")) {
                throw Complaint.unreachable(
                        "%s can't be asked just now: %s"
                                .formatted(
                                        Text.oneLine(instance.path("id").asText()),
                                        Text.oneLine(instance.path("problem").asText())),
                        null);
            }
            for (JsonNode one : instance.path("environments")) {
                held.add(new Held(
                        instance.path("id").asText(),
                        one.path("role").asText(),
                        one.path("sequence").asLong(),
                        one.path("digest").asText(),
                        one.path("stateDigest").asText()));
            }
        }
        if (held.stream().noneMatch(one -> one.role().equals("ACTIVE"))) {
            throw Complaint.refused(
                    "no instance that %s knows of has %s: is it moving, or is there no such environment?"
                            .formatted(server, environment));
        }
        return held;
    }

    private JsonNode ask(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.resolve(path)).timeout(PATIENCE);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        try {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() == 401 || answer.statusCode() == 403) {
                throw Complaint.refused(
                        "%s does not let you ask (%d): %s; give it a token in LEDGER_TOKEN, or with --token-file FILE"
                                .formatted(server, answer.statusCode(), Text.oneLine(answer.body())));
            }
            if (answer.statusCode() != 200) {
                throw Complaint.unreachable(
                        "%s answers %d: %s".formatted(server, answer.statusCode(), Text.oneLine(answer.body())), null);
            }
            return LedgerJson.parse(answer.body());
        } catch (IOException e) {
            throw Complaint.unreachable(
                    "no server answers at %s (%s): name another with --projector URL"
                            .formatted(server, e instanceof ConnectException ? "nobody listens there" : e.toString()),
                    e);
        } catch (MalformedException e) {
            throw Complaint.unreachable(
                    "what answers at %s is no Flag Ledger: %s".formatted(server, e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Complaint.unreachable("interrupted", e);
        }
    }

    static ArrayNode json(List<Finding> findings) {
        return LedgerJson.array(findings.stream()
                .map(finding -> {
                    var json = LedgerJson.object()
                            .put("holder", finding.held().holder())
                            .put("role", finding.held().role())
                            .put("sequence", finding.held().sequence())
                            .put("stateDigest", finding.held().stateDigest())
                            .put("same", finding.isSame());
                    return finding.isSame() ? json : json.put("difference", finding.difference());
                })
                .toList());
    }

    /** Somebody's copy, as it says itself. */
    record Held(String holder, String role, long sequence, String digest, String stateDigest) {}

    /**
     * What came of a comparison.
     *
     * @param difference empty if there is none
     */
    record Finding(Held held, String difference) {
        boolean isSame() {
            return difference.isEmpty();
        }

        String words() {
            return "%s (%s at %d): %s"
                    .formatted(
                            Text.oneLine(held.holder()),
                            held.role().toLowerCase(Locale.ROOT),
                            held.sequence(),
                            isSame() ? "the same as a fresh replay" : Text.oneLine(difference));
        }
    }
}
