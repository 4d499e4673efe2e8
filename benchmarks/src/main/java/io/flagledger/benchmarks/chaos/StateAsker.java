package io.flagledger.benchmarks.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.event.Digest;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.json.TravelJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Asks servers for all flags, of now or of some position, and keeps what they said until it is known what they should have. On a thread of its own. */
final class StateAsker {
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final long PACE_NANOS = 150_000_000;

    /** @param asked the position that was asked for; 0 if none was */
    record Answer(URI server, long asked, long sequence, Digest flags) {}

    private final List<URI> servers;
    private final String token;
    private final Random random;
    private final List<Answer> answers = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Thread thread = new Thread(this::run, "state-asker");
    private volatile boolean ending;
    private long notNow;
    private long last;

    StateAsker(List<URI> servers, String token, long seed) {
        this.servers = servers;
        this.token = token;
        this.random = new Random(seed);
    }

    void start() {
        thread.start();
    }

    void end() throws InterruptedException {
        ending = true;
        thread.join();
    }

    /** To be called after the end, as all below. */
    List<Answer> answers() {
        return answers;
    }

    /** How often there was no answer, or one that said that there is none just now. */
    long notNow() {
        return notNow;
    }

    /** Which answers are not the flags of their position, or of one within a batch, or of one behind what was asked for. */
    List<String> judge(String environment, KnownStates known) {
        Map<Long, Digest> right = new HashMap<>();
        List<String> found = new ArrayList<>(problems);
        for (Answer answer : answers) {
            EnvironmentState state = known.whole(environment, answer.sequence());
            if (state == null
                    || (answer.asked() > 0 && answer.sequence() > answer.asked())
                    || !right.computeIfAbsent(
                                    answer.sequence(),
                                    at -> digest(LedgerJson.parse(LedgerJson.print(TravelJson.state(state)))
                                            .path("flags")))
                            .equals(answer.flags())) {
                found.add("%s told flags at %d, asked for %d, that never were so"
                        .formatted(answer.server(), answer.sequence(), answer.asked()));
            }
        }
        return found;
    }

    static Digest digest(JsonNode flags) {
        return Digest.of(LedgerJson.print(flags).getBytes(StandardCharsets.UTF_8));
    }

    private void run() {
        while (!ending) {
            URI server = servers.get(random.nextInt(servers.size()));
            long at = last > 0 && random.nextBoolean() ? 1 + random.nextLong(last) : 0;
            JsonNode answer = get(
                    server,
                    "/api/v1/environments/" + WriterProcess.ENVIRONMENT + "/flags" + (at == 0 ? "" : "?at=" + at));
            if (answer == null) {
                notNow++;
            } else {
                long sequence = answer.path("sequence").asLong();
                last = Math.max(last, sequence);
                answers.add(new Answer(server, at, sequence, digest(answer.path("flags"))));
            }
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    /** What is there; null if nobody answers, or not now, or if it is behind. */
    @Nullable
    JsonNode get(URI server, String path) {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(server.resolve(path))
                            .header("Authorization", "Bearer " + token)
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200 && response.statusCode() != 503 && response.statusCode() != 404) {
                problems.add(server + path + ": status " + response.statusCode() + ": " + response.body());
            }
            return response.statusCode() == 200 ? LedgerJson.parse(response.body()) : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
