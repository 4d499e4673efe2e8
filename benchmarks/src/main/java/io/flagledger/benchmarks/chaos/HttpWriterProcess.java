package io.flagledger.benchmarks.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.server.auth.CallerRole;
import io.flagledger.server.auth.Grant;
import io.flagledger.server.auth.LocalAuth;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writers that send their commands to servers, and to the next server where one gave no outcome. The arguments: addresses of servers with commas between,
 * the folder, the folder of the key that signs tokens, seed, changes, first writer, how many, and the milliseconds from one command to the next.
 */
final class HttpWriterProcess implements JournaledWriter.Ledger {
    private static final Duration PATIENCE = Duration.ofSeconds(12);
    private static final Duration TOKEN_LASTS = Duration.ofHours(4);
    private static final long BREATH_NANOS = 200_000_000;

    private final List<URI> servers;
    private final String token;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private int next;

    private HttpWriterProcess(List<URI> servers, String token, int next) {
        this.servers = servers;
        this.token = token;
        this.next = next;
    }

    public static void main(String[] arguments) throws Exception {
        List<URI> servers =
                Arrays.stream(arguments[0].split(",")).map(URI::create).toList();
        Path folder = Path.of(arguments[1]);
        LocalAuth auth = LocalAuth.in(Path.of(arguments[2]));
        Commands commands = new Commands(Long.parseLong(arguments[3]));
        int changes = Integer.parseInt(arguments[4]);
        int first = Integer.parseInt(arguments[5]);
        int count = Integer.parseInt(arguments[6]);
        long paceNanos = Long.parseLong(arguments[7]) * 1_000_000;
        JournaledWriter.all(first, count, writer -> {
            String token = auth.key()
                    .token(
                            WriterProcess.actor(writer).id(),
                            Actor.Kind.SERVICE,
                            List.of(new Grant(CallerRole.ADMIN, Grant.EVERYWHERE)),
                            TOKEN_LASTS);
            new JournaledWriter(folder, writer, commands, changes, paceNanos)
                    .write(new HttpWriterProcess(servers, token, writer));
        });
    }

    @Override
    public JournaledWriter.Outcome append(String changeId, List<Change> changes, @Nullable Long expectedRevision)
            throws JournaledWriter.UnknownOutcomeException {
        ObjectNode body = LedgerJson.object().put("reason", "chaos").put("changeId", changeId);
        if (expectedRevision != null) {
            body.put("expectedRevision", expectedRevision);
        }
        body.set(
                "changes",
                LedgerJson.array(changes.stream().map(LedgerJson::change).toList()));
        URI server = servers.get(Math.floorMod(next, servers.size()));
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(
                                    server.resolve("/api/v1/environments/" + WriterProcess.ENVIRONMENT + "/changes"))
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/json")
                            .timeout(PATIENCE)
                            .POST(HttpRequest.BodyPublishers.ofString(LedgerJson.print(body)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return outcome(response);
        } catch (IOException e) {
            throw unknown(server + " gave no answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown("interrupted", e);
        }
    }

    private JournaledWriter.Outcome outcome(HttpResponse<String> response)
            throws JournaledWriter.UnknownOutcomeException {
        int status = response.statusCode();
        if (status >= 500 || status == 429) {
            throw unknown("status " + status + ": " + response.body(), null);
        }
        JsonNode json = LedgerJson.parse(response.body());
        Map<String, Long> revisions = new HashMap<>();
        json.path("events")
                .forEach(event -> revisions.put(
                        event.path("flag").asText(), event.path("revision").asLong()));
        if (status == 200 || status == 201) {
            return new JournaledWriter.Outcome(
                    true, json.path("sequence").asLong(), Boolean.toString(status == 200), revisions);
        }
        if (!json.has("refusal")) {
            throw new IllegalStateException("status " + status + ": " + response.body());
        }
        return new JournaledWriter.Outcome(
                false, JournaledWriter.NOT_TOLD, json.path("refusal").asText(), revisions);
    }

    private JournaledWriter.UnknownOutcomeException unknown(String message, @Nullable Exception cause) {
        next++;
        LockSupport.parkNanos(BREATH_NANOS);
        return new JournaledWriter.UnknownOutcomeException(message, cause);
    }
}
