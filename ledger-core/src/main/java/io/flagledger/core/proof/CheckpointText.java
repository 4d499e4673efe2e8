package io.flagledger.core.proof;

import io.flagledger.core.event.Digest;
import io.flagledger.core.event.Names;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Checkpoints as text: one way to write each, so that equal checkpoints have equal bytes. */
final class CheckpointText {
    static final String TITLE = "flag-ledger checkpoint v1";

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    static final Pattern LEDGER = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern SEQUENCE = Pattern.compile("[1-9][0-9]{0,18}");
    private static final Pattern KEY = Pattern.compile("ed25519:[0-9a-f]{16}");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final String[] lines;
    private int at;

    private CheckpointText(String[] lines) {
        this.lines = lines;
    }

    /** What is signed, and what stands above the blank line. */
    static String of(Checkpoint checkpoint) {
        return """
                %s
                environment: %s
                ledger: %s
                sequence: %d
                digest: %s
                state: %s
                ledger-time: %s
                signed-at: %s
                """.formatted(
                        TITLE,
                        checkpoint.environment(),
                        checkpoint.ledgerId(),
                        checkpoint.sequence(),
                        checkpoint.digest(),
                        checkpoint.stateDigest(),
                        TIME.format(checkpoint.ledgerTime()),
                        TIME.format(checkpoint.signedAt()));
    }

    static byte[] signedBytes(Checkpoint checkpoint) {
        return of(checkpoint).getBytes(StandardCharsets.UTF_8);
    }

    static SignedCheckpoint parse(String text) {
        if (text.indexOf('\r') >= 0) {
            int line = 1
                    + (int) text.substring(0, text.indexOf('\r'))
                            .chars()
                            .filter(letter -> letter == '\n')
                            .count();
            throw new MalformedCheckpointException(
                    line, "it ends in a carriage return; a checkpoint has bare line feeds, so copy it as it is");
        }
        CheckpointText lines = new CheckpointText(text.split("\n", -1));
        SignedCheckpoint read = lines.signed();
        if (!read.text().equals(text)) {
            throw new MalformedCheckpointException(lines.at + 1, "nothing may follow the signature but one line feed");
        }
        return read;
    }

    private SignedCheckpoint signed() {
        String title = line();
        if (!title.equals(TITLE)) {
            throw malformed("'%s' is expected but found '%s'".formatted(TITLE, shortened(title)));
        }
        Checkpoint checkpoint = new Checkpoint(
                field("environment", CheckpointText::environment),
                field("ledger", text -> matching(LEDGER, text, "an id as Kafka makes them")),
                field("sequence", text -> Long.parseLong(matching(SEQUENCE, text, "a number from 1 on"))),
                field("digest", CheckpointText::digest),
                field("state", CheckpointText::digest),
                field("ledger-time", CheckpointText::time),
                field("signed-at", CheckpointText::time));
        if (Arrays.stream(lines).skip(at).allMatch(String::isEmpty)) {
            throw new UntrustedCheckpointException("the checkpoint is not signed: it ends with line " + at);
        }
        String blank = line();
        if (!blank.isEmpty()) {
            throw malformed("an empty line is expected but found '%s'".formatted(shortened(blank)));
        }
        return new SignedCheckpoint(
                checkpoint,
                field("key", text -> matching(KEY, text, "ed25519: and 16 hexadecimal digits")),
                field("signature", CheckpointText::signature));
    }

    private <T> T field(String name, Function<String, T> read) {
        String line = line();
        String start = name + ": ";
        if (!line.startsWith(start)) {
            throw malformed("'%s…' is expected but found '%s'".formatted(start, shortened(line)));
        }
        try {
            return read.apply(line.substring(start.length()));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw malformed("%s: %s".formatted(name, e.getMessage()));
        }
    }

    private String line() {
        if (at >= lines.length) {
            at++;
            throw malformed("the text ends too early");
        }
        return lines[at++];
    }

    private MalformedCheckpointException malformed(String what) {
        return new MalformedCheckpointException(at, what);
    }

    private static String environment(String text) {
        if (!Names.isEnvironment(text)) {
            throw new IllegalArgumentException("no environment can be called '%s'".formatted(shortened(text)));
        }
        return text;
    }

    private static Digest digest(String text) {
        return Digest.from(HexFormat.of().parseHex(matching(DIGEST, text, "64 hexadecimal digits, small letters")));
    }

    private static Instant time(String text) {
        Instant time = Instant.parse(text);
        if (!TIME.format(time).equals(text)) {
            throw new IllegalArgumentException(
                    "a time such as 2026-01-31T12:00:00.000Z is expected but found '%s'".formatted(shortened(text)));
        }
        return time;
    }

    private static byte[] signature(String text) {
        byte[] signature = Base64.getDecoder().decode(text);
        if (signature.length != SignedCheckpoint.SIGNATURE_LENGTH) {
            throw new IllegalArgumentException("64 bytes in base64 are expected but found " + signature.length);
        }
        return signature;
    }

    private static String matching(Pattern form, String text, String what) {
        if (!form.matcher(text).matches()) {
            throw new IllegalArgumentException("%s is expected but found '%s'".formatted(what, shortened(text)));
        }
        return text;
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
