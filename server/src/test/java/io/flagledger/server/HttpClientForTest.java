package io.flagledger.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The API as a client sees it. */
public final class HttpClientForTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String root;

    private final String token;

    /** With a token of dana's, who may do everything. */
    public HttpClientForTest(int port) {
        this(port, TokensForTest.admin("dana"));
    }

    HttpClientForTest(int port, String token) {
        this.root = "http://127.0.0.1:" + port;
        this.token = token;
    }

    /** The same server as somebody else sees it. */
    public HttpClientForTest as(String other) {
        return new HttpClientForTest(URI.create(root).getPort(), other);
    }

    /** An answer. */
    public record Answer(int status, String contentType, JsonNode json, HttpHeaders headers, String text) {
        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    /** Waits for somebody else's server. */
    static void awaitAnswer(String address) {
        try {
            HttpResponse<Void> unused = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.discarding());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public Answer get(String path) {
        return send(request(path));
    }

    public Answer post(String path, String body) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    /** A request with the token. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + token);
    }

    public Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response =
                    client.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
            String type = response.headers().firstValue("Content-Type").orElse("");
            return new Answer(
                    response.statusCode(),
                    type,
                    type.contains("json")
                                    && !type.contains("ndjson")
                                    && !response.body().isEmpty()
                            ? JSON.readTree(response.body())
                            : JSON.nullNode(),
                    response.headers(),
                    response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public URI uri(String path) {
        return URI.create(root + path);
    }

    HttpClient client() {
        return client;
    }
}
