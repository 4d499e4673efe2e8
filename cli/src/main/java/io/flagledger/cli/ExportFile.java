package io.flagledger.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.event.Batch;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Digest;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.json.Fields;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.json.MalformedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An export, read line by line. What an increment adds may follow behind an export, header and all, if it is of the same
 * ledger and goes on where the other ended.
 */
final class ExportFile implements AutoCloseable {
    private final Path path;
    private final BufferedReader reader;
    private final Header header;
    private long line;
    private long last;

    private ExportFile(Path path, BufferedReader reader) {
        this.path = path;
        this.reader = reader;
        this.header = firstHeader();
    }

    /** Opens an export. */
    static ExportFile open(Path path) {
        try {
            BufferedReader reader = Files.newBufferedReader(path);
            try {
                return new ExportFile(path, reader);
            } catch (RuntimeException e) {
                reader.close();
                throw e;
            }
        } catch (IOException e) {
            throw BatchFile.unreadable(Text.oneLine(path.toString()), e);
        }
    }

    Header header() {
        return header;
    }

    /** The next event, with its ledger time; null behind the last. A restoration comes without its definition. */
    @Nullable
    Recorded next() {
        JsonNode json = nextLine();
        while (json != null && json.has("format")) {
            header(json);
            json = nextLine();
        }
        if (json == null) {
            return null;
        }
        try {
            Recorded recorded = event(json);
            last = recorded.event().sequence();
            return recorded;
        } catch (MalformedException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
    }

    /** What to say of the line that was read last. */
    Complaint malformed(String what) {
        return Complaint.usage("%s, line %d: %s".formatted(Text.oneLine(path.toString()), line, Text.oneLine(what)));
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw BatchFile.unreadable(path.toString(), e);
        }
    }

    private Header firstHeader() {
        JsonNode json = nextLine();
        if (json == null) {
            throw malformed("the file is empty: an export begins with a line that says what it is");
        }
        Header first = Header.read(json, this);
        if (first.since() != 0) {
            throw malformed("this export begins after event %d: import needs one from the start, which this may follow"
                    .formatted(first.since()));
        }
        return first;
    }

    private void header(JsonNode json) {
        Header next = Header.read(json, this);
        if (!next.environment().equals(header.environment())
                || !next.ledger().equals(header.ledger())
                || next.since() != last) {
            throw malformed(
                    "what follows is another export, or does not go on after event %d: %s of ledger %s after event %d"
                            .formatted(last, next.environment(), next.ledger(), next.since()));
        }
    }

    private @Nullable JsonNode nextLine() {
        try {
            String text = reader.readLine();
            line++;
            return text == null ? null : LedgerJson.parse(text);
        } catch (IOException e) {
            throw BatchFile.unreadable(Text.oneLine(path.toString()), e);
        } catch (MalformedException e) {
            throw malformed("a line of an export is one JSON object (was the export cut off?): " + e.getMessage());
        }
    }

    private Recorded event(JsonNode json) {
        Fields fields = new Fields(json, "");
        JsonNode actor = fields.any("actor");
        JsonNode change = fields.any("change");
        if (actor == null || change == null) {
            throw new MalformedException("", "an event has an actor and a change");
        }
        String flag = fields.text("flag");
        Change read = LedgerJson.readChange(change, "/change");
        if (!read.flag().equals(flag)) {
            throw new MalformedException("/flag", "the change is of another flag, " + read.flag());
        }
        Event event = new Event(
                fields.text("environment"),
                whole(fields, "sequence"),
                whole(fields, "revision"),
                time(fields, "occurredAt"),
                LedgerJson.readActor(actor, "/actor"),
                fields.text("reason"),
                fields.text("changeId"),
                batch(fields),
                read);
        Recorded recorded = new Recorded(
                event, digest(fields, "previousDigest"), digest(fields, "digest"), time(fields, "ledgerTime"));
        fields.end();
        return recorded;
    }

    private static Batch batch(Fields fields) {
        Fields batch = new Fields(fields.any("batch"), "/batch");
        long index = whole(batch, "index");
        long size = whole(batch, "size");
        batch.end();
        if (index < 0 || index >= size || size > Integer.MAX_VALUE) {
            throw new MalformedException("/batch", "there is no event %d of a batch of %d".formatted(index, size));
        }
        return new Batch((int) index, (int) size);
    }

    private static long whole(Fields fields, String name) {
        Long whole = fields.optionalWhole(name);
        if (whole == null) {
            throw new MalformedException(fields.pointer(name), "a whole number is expected here but there is nothing");
        }
        return whole;
    }

    private static Instant time(Fields fields, String name) {
        try {
            return Instant.parse(fields.text(name));
        } catch (DateTimeException e) {
            throw new MalformedException(
                    fields.pointer(name), "a time such as 2026-01-31T12:00:00.000Z is expected here");
        }
    }

    private static Digest digest(Fields fields, String name) {
        try {
            return Digest.from(HexFormat.of().parseHex(fields.text(name)));
        } catch (IllegalArgumentException e) {
            throw new MalformedException(fields.pointer(name), "a digest of 64 hexadecimal digits is expected here");
        }
    }

    /**
     * The first line.
     *
     * @param ledger the id of the ledger that was exported
     * @param since the sequence after which the events begin
     */
    record Header(String environment, String ledger, long since) {
        private static final String FORMAT = "flag-ledger-export";
        private static final long VERSION = 1;

        ObjectNode json() {
            return LedgerJson.object()
                    .put("format", FORMAT)
                    .put("version", VERSION)
                    .put("environment", environment)
                    .put("ledger", ledger)
                    .put("sinceSequence", since);
        }

        static Header read(JsonNode json, ExportFile file) {
            try {
                Fields fields = new Fields(json, "");
                if (!FORMAT.equals(fields.optionalText("format"))) {
                    throw file.malformed("this is not what `ledger export` writes: its first line names the format");
                }
                long version = whole(fields, "version");
                if (version != VERSION) {
                    throw file.malformed("this export has version %d of the format, but only %d is known here"
                            .formatted(version, VERSION));
                }
                Header header =
                        new Header(fields.text("environment"), fields.text("ledger"), whole(fields, "sinceSequence"));
                fields.end();
                return header;
            } catch (MalformedException e) {
                throw file.malformed(String.valueOf(e.getMessage()));
            }
        }
    }
}
