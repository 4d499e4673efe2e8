package io.flagledger.core.proof;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Keys as PEM, the text form that openssl writes and reads. */
final class Pem {
    private static final int LINE = 64;

    private Pem() {}

    /**
     * The bytes between the lines that name this kind.
     *
     * @throws MalformedKeyException if there are none, without a word of the text itself
     */
    static byte[] parse(String kind, String what, String text) {
        String begin = "-----BEGIN %s-----".formatted(kind);
        int start = text.indexOf(begin);
        int end = text.indexOf("-----END %s-----".formatted(kind), start < 0 ? 0 : start + begin.length());
        if (start < 0 || end < 0) {
            throw new MalformedKeyException(
                    text.contains("-----BEGIN ENCRYPTED")
                            ? "the key is encrypted; `openssl pkey -in FILE` decrypts it"
                            : "this is no %s: a line '%s' and one '-----END %s-----' are expected"
                                    .formatted(what, begin, kind));
        }
        try {
            return Base64.getMimeDecoder().decode(text.substring(start + begin.length(), end));
        } catch (IllegalArgumentException e) {
            // the decoder's message may quote what it met
            throw new MalformedKeyException("this is no %s: it is not written in base64".formatted(what));
        }
    }

    static String print(String kind, byte[] bytes) {
        String lines = Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(bytes);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, lines, kind);
    }
}
