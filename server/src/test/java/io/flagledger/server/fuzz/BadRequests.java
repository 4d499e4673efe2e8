package io.flagledger.server.fuzz;

import io.flagledger.core.fuzz.Fuzz;
import io.flagledger.server.fuzz.Routes.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Requests of which each is bad in a way of its own, always the same for the same seed. Most are sound but for one or two places. */
final class BadRequests {
    private static final List<String> NASTY = List.of(
            "",
            " ",
            "\u0000",
            "a\u0007b",
            "<script>",
            "../../etc/passwd",
            "..;/",
            "//",
            "%",
            "%0",
            "%zz",
            "%c0%af",
            "%00",
            "%2e%2e%2f",
            "%0d%0aX: y",
            "'; DROP TABLE flags",
            "\u202e",
            "🐢",
            "x".repeat(300),
            "NaN",
            "-1",
            "1e400",
            "9223372036854775808",
            "-9223372036854775809",
            "null",
            "true",
            "[]",
            "{}",
            "#0",
            "0",
            "00",
            "+1",
            "2026-99-99",
            "2026-01-31T99:99:99Z",
            "99999999d",
            "P1Y",
            "test",
            "Test",
            "gastown",
            "ghost",
            "*",
            "?",
            "&&==&",
            ";a=b");
    private static final List<String> METHODS = List.of(
            "DELETE",
            "PUT",
            "PATCH",
            "OPTIONS",
            "HEAD",
            "TRACE",
            "POST",
            "GET",
            "get",
            "FLY",
            "PROPFIND",
            "X".repeat(40));
    private static final List<String> TYPES = List.of(
            "text/plain",
            "application/xml",
            "application/json; charset=utf-16",
            "application/json; charset=nothing",
            "application/jsonp",
            "multipart/form-data; boundary=x",
            "multipart/form-data",
            "application/x-www-form-urlencoded",
            "",
            "/",
            "application/json, text/plain",
            "application/grpc");
    private static final List<String> HEADERS = List.of(
            "Accept",
            "Accept-Encoding",
            "Accept-Language",
            "Content-Encoding",
            "Content-Language",
            "Cookie",
            "If-None-Match",
            "If-Match",
            "If-Modified-Since",
            "Last-Event-ID",
            "Origin",
            "Range",
            "Referer",
            "X-API-Key",
            "X-Request-Id",
            "X-Forwarded-For",
            "X-Forwarded-Proto",
            "Forwarded",
            "X-HTTP-Method-Override",
            "X-Ledger-Environment",
            "Ledger-Hop",
            "Ledger-Instance",
            "Traceparent",
            "Access-Control-Request-Method");
    private static final int HUGE = 5 << 20;

    private final Random random;
    private final Routes routes;
    private final List<String> tokens;
    private final String token;
    private final Fuzz bytes;
    private final Fuzz texts;

    /**
     * @param token one that is believed
     * @param tokens others that are not
     */
    BadRequests(long seed, Routes routes, String token, List<String> tokens) {
        this.random = new Random(seed);
        this.routes = routes;
        this.token = token;
        this.tokens = tokens;
        List<byte[]> sound = new ArrayList<>();
        List<String> bodies = new ArrayList<>();
        for (Route route : routes.all()) {
            sound.add(sound(route).measured().bytes());
            bodies.addAll(route.bodies());
        }
        this.bytes = new Fuzz(seed, sound);
        this.texts = Fuzz.ofTexts(seed, bodies);
    }

    /** The next one. */
    BadRequest next() {
        int kind = random.nextInt(100);
        if (kind < 22) {
            return new BadRequest(bytes.next(), true);
        }
        if (kind < 25) {
            byte[] noise = new byte[1 + random.nextInt(400)];
            random.nextBytes(noise);
            return new BadRequest(noise, true);
        }
        Sketch sketch = sound(one(routes.all()));
        if (kind < 35) {
            return misframed(sketch);
        }
        for (int left = 1 + random.nextInt(2); left > 0; left--) {
            spoil(sketch);
        }
        return sketch.measured();
    }

    private Sketch sound(Route route) {
        String path = route.path().replace("{environment}", "test").replace("{key}", "gastown");
        Sketch sketch =
                new Sketch(route.method(), path).header("Host", "127.0.0.1").header("Authorization", "Bearer " + token);
        if (!route.bodies().isEmpty()) {
            sketch.header("Content-Type", "application/json");
            sketch.body = one(route.bodies()).getBytes(StandardCharsets.UTF_8);
        }
        if (!route.query().isEmpty() && random.nextInt(3) == 0) {
            sketch.target += "?" + one(route.query()) + "=1";
        }
        if (path.endsWith("/feed") || path.endsWith("/stream")) {
            sketch.target = path + "?no-such=1"; // or it would not end
        }
        return sketch;
    }

    private void spoil(Sketch sketch) {
        boolean posts = sketch.body.length > 0;
        switch (random.nextInt(posts ? 12 : 7)) {
            case 0 -> segment(sketch);
            case 1, 2 -> query(sketch);
            case 3 -> sketch.header("Authorization", one(tokens));
            case 4 -> sketch.header(one(HEADERS), value());
            case 5 -> {
                sketch.method = one(METHODS);
                sketch.breaks |= sketch.method.equals("CONNECT");
            }
            case 6 -> {
                sketch.breaks = true; // Jetty closes on some of these
                sketch.header(
                        "Host", one(List.of("", "evil.example", "127.0.0.1:99999", "[::1", "a b", "127.0.0.1,x")));
            }
            case 7 -> sketch.header("Content-Type", one(TYPES));
            case 8 -> encode(sketch);
            case 9 -> sketch.body = noise(sketch.body);
            default -> sketch.body = texts.next();
        }
    }

    private void segment(Sketch sketch) {
        String[] parts = sketch.target.split("/", -1);
        String nasty = one(NASTY);
        parts[1 + random.nextInt(parts.length - 1)] = random.nextInt(4) == 0 ? raw(sketch, nasty) : escaped(nasty);
        sketch.target = String.join("/", parts);
    }

    private void query(Sketch sketch) {
        List<String> names = new ArrayList<>(List.of("at", "after", "no-such", "", "%00"));
        routes.all().forEach(route -> names.addAll(route.query()));
        String nasty = one(NASTY);
        String value = random.nextInt(4) == 0 ? raw(sketch, nasty) : escaped(nasty);
        String parameter = one(names) + (random.nextInt(12) == 0 ? "" : "=") + value;
        sketch.target += (sketch.target.contains("?") ? "&" : "?") + parameter;
        if (random.nextInt(10) == 0) {
            sketch.target += "&" + parameter;
        }
        if (random.nextInt(400) == 0) {
            sketch.target += "&" + "y".repeat(20_000);
        }
    }

    /** What is no token of a request line breaks the line. */
    private static String raw(Sketch sketch, String nasty) {
        sketch.breaks |= !nasty.matches("[!-~]*");
        return nasty;
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String value() {
        String value = one(NASTY);
        return random.nextInt(300) == 0 ? value + "z".repeat(20_000) : value;
    }

    private void encode(Sketch sketch) {
        sketch.header("Content-Encoding", one(List.of("gzip", "deflate", "br", "identity", "gzip, gzip", "x")));
        if (random.nextBoolean()) {
            ByteArrayOutputStream zipped = new ByteArrayOutputStream();
            try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
                zip.write(sketch.body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            sketch.body = zipped.toByteArray();
        }
    }

    private byte[] noise(byte[] sound) {
        if (random.nextInt(3_000) == 0) {
            return new byte[HUGE];
        }
        byte[] body = sound.clone();
        for (int left = 1 + random.nextInt(8); left > 0 && body.length > 0; left--) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        return body;
    }

    /** Says wrongly where it ends, or what it is. */
    private BadRequest misframed(Sketch sketch) {
        sketch.breaks = true;
        String length = String.valueOf(sketch.body.length);
        switch (random.nextInt(14)) {
            case 0 ->
                sketch.header(
                        "Content-Length", one(List.of("-1", "x", "", "99999999999999999999", "+5", "0x10", "1e3")));
            case 1 -> sketch.header("Content-Length", String.valueOf(sketch.body.length + 1 + random.nextInt(100)));
            case 2 -> sketch.header("Content-Length", String.valueOf(random.nextInt(1 + sketch.body.length)));
            case 3 -> {
                sketch.header("Content-Length", length);
                sketch.headers.add("Content-Length : " + (sketch.body.length + 1));
            }
            case 4 -> {
                sketch.header("Content-Length", length);
                sketch.headers.add("Content-Length: " + (sketch.body.length + 7));
            }
            case 5 -> sketch.header("Content-Length", length).header("Transfer-Encoding", "chunked");
            case 6 ->
                sketch.header(
                        "Transfer-Encoding",
                        one(List.of("gzip", "chunked, chunked", "identity", "xchunked", "chunked;q=1")));
            case 7 -> chunk(sketch, "%x\r\n%s\r\n0\r\n\r\n", 0);
            case 8 ->
                chunk(
                        sketch,
                        one(List.of("%x\r\n%s", "%x\r\n%s\r\n", "-%x\r\n%s\r\n0\r\n\r\n", "%xg\r\n%s\r\n0\r\n\r\n")),
                        0);
            case 9 -> chunk(sketch, "%x;a=b\r\n%s\r\n0\r\nX: y\r\n\r\n", random.nextInt(9) - 4);
            case 10 ->
                sketch.version = one(
                        List.of("HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/9.9", "HTTP", "", "ICY/1.1", "HTTP/1.1 x"));
            case 11 -> {
                sketch.header("Content-Length", length);
                sketch.headers.add(
                        random.nextInt(sketch.headers.size()),
                        one(List.of(
                                "no colon",
                                ": x",
                                " folded",
                                "A b: c",
                                "X: a\u0000b",
                                "X: \rb",
                                "Host: two",
                                "é: ü",
                                "X:" + "w".repeat(9_000))));
            }
            case 12 -> {
                sketch.without("Host");
                sketch.header("Content-Length", length);
            }
            default ->
                sketch.header("Content-Length", length)
                        .headers
                        .add(one(List.of(
                                "Connection: close",
                                        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
                                        "Expect: 100-continue",
                                "Expect: magic", "Connection: Content-Length, Host")));
        }
        return sketch.asItIs();
    }

    private static void chunk(Sketch sketch, String form, int off) {
        sketch.header("Transfer-Encoding", "chunked");
        String body = new String(sketch.body, StandardCharsets.UTF_8);
        sketch.body =
                form.formatted(Math.max(0, sketch.body.length + off), body).getBytes(StandardCharsets.UTF_8);
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
