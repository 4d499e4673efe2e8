package io.flagledger.server.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A request in the making. */
final class Sketch {
    String method;
    String target;
    String version = "HTTP/1.1";
    final List<String> headers = new ArrayList<>();
    byte[] body = {};
    boolean breaks;

    Sketch(String method, String target) {
        this.method = method;
        this.target = target;
    }

    Sketch header(String name, String value) {
        headers.removeIf(header -> header.startsWith(name + ":"));
        headers.add(name + ": " + value);
        return this;
    }

    void without(String name) {
        headers.removeIf(header -> header.startsWith(name + ":"));
    }

    /** With a length that says how long the body is. */
    BadRequest measured() {
        if (body.length > 0 || method.equals("POST")) {
            header("Content-Length", String.valueOf(body.length));
        }
        return asItIs();
    }

    BadRequest asItIs() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes((method + " " + target + " " + version + "\r\n").getBytes(StandardCharsets.UTF_8));
        headers.forEach(header -> bytes.writeBytes((header + "\r\n").getBytes(StandardCharsets.UTF_8)));
        bytes.writeBytes(new byte[] {'\r', '\n'});
        bytes.writeBytes(body);
        return new BadRequest(bytes.toByteArray(), breaks);
    }
}
