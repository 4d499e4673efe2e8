package io.flagledger.server.fuzz;

import java.nio.charset.StandardCharsets;

/**
 * What is sent.
 *
 * @param breaks whether a server may lose track of where it ends: it then goes over a connection of its own, after which
 *     nothing more is sent
 */
@SuppressWarnings("ArrayRecordComponent") // compared with none
record BadRequest(byte[] bytes, boolean breaks) {
    private static final int SHOWN = 2_000;

    /** Whether the answer has no body, whatever its headers say. */
    boolean isHead() {
        return bytes.length > 5 && new String(bytes, 0, 5, StandardCharsets.ISO_8859_1).equals("HEAD ");
    }

    /** As it can be pasted into a Java text. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(SHOWN, bytes.length); i++) {
            char c = (char) (bytes[i] & 0xff);
            text.append(
                    switch (c) {
                        case '\r' -> "\\r";
                        case '\n' -> "\\n\n";
                        default -> c >= ' ' && c < 0x7f ? String.valueOf(c) : "\\u%04x".formatted((int) c);
                    });
        }
        return text + (bytes.length > SHOWN ? "… (%d bytes)".formatted(bytes.length) : "");
    }
}
