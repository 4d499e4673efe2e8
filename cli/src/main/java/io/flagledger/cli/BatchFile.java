package io.flagledger.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.event.Change;
import io.flagledger.core.json.Fields;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.json.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads changes that are to be made together: a list of them, or {@code {reason?, expectedRevision?, changeId?, changes}}. */
final class BatchFile {
    private static final String STANDARD_INPUT = "-";

    private BatchFile() {}

    /** Reads the file of this name, or what comes in where the name is {@code -}. */
    static Wish read(String name) {
        boolean fromInput = name.equals(STANDARD_INPUT);
        String shown = fromInput ? "standard input" : Text.oneLine(name);
        byte[] bytes;
        try (InputStream in = fromInput ? System.in : Files.newInputStream(Path.of(name))) {
            bytes = in.readNBytes(Document.MAX_CHARACTERS + 1);
        } catch (IOException e) {
            throw unreadable(shown, e);
        }
        if (bytes.length > Document.MAX_CHARACTERS) {
            throw Complaint.usage("%s is too large for one batch: at most %,d bytes are taken"
                    .formatted(shown, Document.MAX_CHARACTERS));
        }
        try {
            return read(Document.read(
                    shown,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString()));
        } catch (CharacterCodingException e) {
            throw Complaint.usage("%s is not in UTF-8".formatted(shown));
        }
    }

    static Wish read(Document document) {
        try {
            return wish(document.root());
        } catch (MalformedException e) {
            throw document.malformed(e);
        }
    }

    /** What to say of a file that can't be read. */
    static Complaint unreadable(String shown, IOException e) {
        return Complaint.usage("%s can't be read: %s"
                .formatted(shown, e instanceof NoSuchFileException ? "there is no such file" : e.getMessage()));
    }

    private static Wish wish(JsonNode root) {
        if (root.isArray()) {
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < root.size(); i++) {
                changes.add(LedgerJson.readChange(root.get(i), "/" + i));
            }
            return Wish.of(changes);
        }
        if (!root.isObject()) {
            throw new MalformedException("", "a list of changes is expected, or an object with `changes`");
        }
        Fields fields = new Fields(root, "");
        Wish wish = new Wish(
                fields.list("changes", LedgerJson::readChange),
                fields.optionalText("reason"),
                fields.optionalWhole("expectedRevision"),
                fields.optionalText("changeId"));
        fields.end();
        if (!fields.has("changes")) {
            throw new MalformedException("/changes", "a list of changes is expected here but there is nothing");
        }
        return wish;
    }
}
