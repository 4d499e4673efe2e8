package io.flagledger.core.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A Schema Registry on the loopback address that speaks as much of the HTTP API as a ledger asks for, and can be ill. */
public final class RegistryForTest implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final List<String> schemas = new ArrayList<>();
    private final Map<String, List<Integer>> subjects = new HashMap<>();
    private volatile Illness illness = Illness.NONE;

    /** What is the matter with it. */
    public record Illness(int status, String body, int times) {
        static final Illness NONE = new Illness(0, "", 0);

        /** Takes requests and never answers. */
        public static final Illness DUMB = new Illness(-1, "", Integer.MAX_VALUE);

        public static Illness answering(int status, String body) {
            return new Illness(status, body, Integer.MAX_VALUE);
        }

        Illness times(int number) {
            return new Illness(status, body, number);
        }
    }

    public RegistryForTest() throws IOException {
        this(0);
    }

    /** On a port of one's own choice, as after a restart. */
    public RegistryForTest(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    public String url() {
        return "http://" + address();
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public void fallIll(Illness with) {
        illness = with;
    }

    public void recover() {
        illness = Illness.NONE;
    }

    /** Every request so far, as {@code GET /schemas/ids/1}. */
    public List<String> asked() {
        return asked;
    }

    List<String> authorizations() {
        return authorizations;
    }

    /** The subjects that have a schema. */
    public synchronized List<String> subjects() {
        return subjects.keySet().stream().sorted().toList();
    }

    /** Registers a schema, as somebody else might, and returns its id. */
    public synchronized int add(String subject, String schema) {
        if (!schemas.contains(schema)) {
            schemas.add(schema);
        }
        int id = schemas.indexOf(schema) + 1;
        subjects.computeIfAbsent(subject, name -> new ArrayList<>()).add(id);
        return id;
    }

    private void serve(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        asked.add(exchange.getRequestMethod() + " " + uri.getRawPath());
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Illness now = sick();
        if (now.status() < 0) {
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        } else if (now.status() > 0) {
            answer(exchange, now.status(), now.body());
        } else {
            answer(exchange, uri.getRawPath().split("/", -1), body);
        }
    }

    private synchronized Illness sick() {
        Illness now = illness;
        illness = now.times() > 1 ? now.times(now.times() - 1) : Illness.NONE;
        return now;
    }

    private synchronized void answer(HttpExchange exchange, String[] path, String body) throws IOException {
        if (path.length == 4 && path[1].equals("schemas") && path[2].equals("ids")) {
            int id = Integer.parseInt(path[3]);
            if (id < 1 || id > schemas.size()) {
                answer(exchange, 404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
            } else {
                answer(exchange, 200, said("schema", schemas.get(id - 1)));
            }
        } else if (path.length == 4 && path[1].equals("subjects")) {
            answer(
                    exchange,
                    200,
                    "{\"id\":%d}".formatted(add(URLDecoder.decode(path[2], StandardCharsets.UTF_8), schema(body))));
        } else if (path.length == 3 && path[1].equals("subjects")) {
            List<Integer> ids = subjects.get(path[2]);
            int id = schemas.indexOf(schema(body)) + 1;
            if (ids == null) {
                answer(exchange, 404, "{\"error_code\":40401,\"message\":\"Subject not found\"}");
            } else if (!ids.contains(id)) {
                answer(exchange, 404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
            } else {
                answer(exchange, 200, "{\"subject\":\"s\",\"version\":1,\"id\":%d}".formatted(id));
            }
        } else {
            answer(exchange, 404, "no page of mine");
        }
    }

    private static String schema(String body) throws IOException {
        JsonNode request = JSON.readTree(body);
        return request.path("schema").textValue();
    }

    private static String said(String name, String value) {
        return JSON.createObjectNode().put(name, value).toString();
    }

    private static void answer(HttpExchange exchange, int status, @Nullable String body) throws IOException {
        byte[] bytes = String.valueOf(body).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
