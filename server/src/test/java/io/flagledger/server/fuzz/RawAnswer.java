package io.flagledger.server.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What came back.
 *
 * @param headers by their names in lower case
 */
@SuppressWarnings("ArrayRecordComponent") // compared with none
record RawAnswer(int status, Map<String, String> headers, byte[] body) {
    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    boolean isLast() {
        return header("connection").equalsIgnoreCase("close");
    }

    boolean isEndless() {
        return header("content-type").startsWith("text/event-stream");
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return status + " " + headers + " " + text();
    }
}
