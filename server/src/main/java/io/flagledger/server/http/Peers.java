package io.flagledger.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.json.MalformedException;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The other instances as HTTP reaches them. Any number of threads may use it. */
final class Peers {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    /** Until an answer begins: as long as a question about a long past may take. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration GATHER_TIMEOUT = Duration.ofSeconds(10);
    private static final List<String> ASKED = List.of("Authorization", "Accept", "Content-Type", "If-None-Match");
    private static final List<String> ANSWERED = List.of(
            "Content-Type",
            "Content-Length",
            "Content-Disposition",
            "Cache-Control",
            "ETag",
            "Link",
            "Retry-After",
            Requests.INSTANCE,
            Requests.SEQUENCE,
            Requests.STALE);

    private final Services services;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    Peers(Services services) {
        this.services = services;
    }

    /**
     * Lets another instance answer a request. The answer is passed on as it comes, in constant memory; if it breaks off, so
     * does what is passed on, and nobody takes a part for the whole.
     *
     * @throws SilentPeerException if the other does not begin to answer
     */
    void handOn(Context context, URI instance, Hop hop) throws SilentPeerException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address(instance, context))
                .timeout(ANSWER_TIMEOUT)
                .header(Hop.HEADER, hop.name())
                .method(context.method().name(), BodyPublishers.ofByteArray(context.bodyAsBytes()));
        for (String name : ASKED) {
            String value = context.header(name);
            if (value != null) {
                request.header(name, value);
            }
        }
        HttpResponse<InputStream> answer;
        try {
            answer = client.send(request.build(), BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new SilentPeerException(instance.getAuthority(), e);
        }
        context.status(answer.statusCode());
        for (String name : ANSWERED) {
            answer.headers().firstValue(name).ifPresent(value -> context.header(name, value));
        }
        Streaming.write(context, out -> {
            try (InputStream body = answer.body()) {
                body.transferTo(out);
            }
        });
    }

    /**
     * Asks another instance for JSON.
     *
     * @param authorization of the one for whom it is asked
     * @throws SilentPeerException if it has none
     */
    JsonNode fetch(URI instance, String path, Hop hop, String authorization)
            throws SilentPeerException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(instance.resolve(path))
                .timeout(GATHER_TIMEOUT)
                .header(Hop.HEADER, hop.name())
                .header("Authorization", authorization)
                .build();
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("it answers %d: %s".formatted(answer.statusCode(), answer.body()));
            }
            return LedgerJson.parse(answer.body());
        } catch (IOException | MalformedException e) {
            throw new SilentPeerException(instance.getAuthority(), e);
        }
    }

    /**
     * Asks all other instances that are known, at once, what they know by themselves. Takes a bounded time, whoever does
     * not answer.
     */
    Gathered gather(Context context, String path) {
        Map<String, CompletableFuture<HttpResponse<String>>> asked = new TreeMap<>();
        if (Hop.of(context) != Hop.TO_OWNER) {
            Hop hop = services.projector() == null ? Hop.TO_PROJECTOR : Hop.TO_OWNER;
            for (URI other : others(Hop.of(context))) {
                HttpRequest request = HttpRequest.newBuilder(other.resolve(path))
                        .timeout(GATHER_TIMEOUT)
                        .header(Hop.HEADER, hop.name())
                        .header("Authorization", Callers.authorization(context))
                        .build();
                asked.put(other.getAuthority(), client.sendAsync(request, BodyHandlers.ofString()));
            }
        }
        List<JsonNode> answers = new ArrayList<>();
        Map<String, String> silent = new TreeMap<>();
        asked.forEach((address, future) -> {
            try {
                HttpResponse<String> answer = future.join();
                if (answer.statusCode() == 200) {
                    answers.add(LedgerJson.parse(answer.body()));
                } else {
                    silent.put(address, "it answers %d".formatted(answer.statusCode()));
                }
            } catch (CompletionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                silent.put(address, String.valueOf(new SilentPeerException(address, cause).getMessage()));
            } catch (MalformedException e) {
                silent.put(address, "it does not answer as an instance does: " + e.getMessage());
            }
        });
        return new Gathered(answers, silent);
    }

    private List<URI> others(Hop hop) {
        if (services.projector() == null) {
            return hop == Hop.NONE ? services.self().projectors() : List.of();
        }
        return services.projector().placement().instances().stream()
                .filter(address -> !address.equals(services.self().address()))
                .map(address -> URI.create("http://" + address))
                .toList();
    }

    private static URI address(URI instance, Context context) {
        @Nullable String query = context.queryString();
        return instance.resolve(context.req().getRequestURI() + (query == null ? "" : "?" + query));
    }

    /**
     * What others said.
     *
     * @param silent by the address of who did not answer, why
     */
    record Gathered(List<JsonNode> answers, Map<String, String> silent) {}
}
