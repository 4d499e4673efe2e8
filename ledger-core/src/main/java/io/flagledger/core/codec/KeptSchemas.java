package io.flagledger.core.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;

/** Every version that a schema has had, by the fingerprint that its records carry. */
final class KeptSchemas {
    private final Map<Long, Schema> byFingerprint = new HashMap<>();

    /** Reads {@code /versions/<name>-1.avsc} and so on, up to the first number that is missing. */
    KeptSchemas(String name) {
        for (int version = 1; add("/versions/%s-%d.avsc".formatted(name, version)); version++) {}
    }

    @Nullable
    Schema schema(long fingerprint) {
        return byFingerprint.get(fingerprint);
    }

    private boolean add(String resource) {
        try (InputStream json = KeptSchemas.class.getResourceAsStream(resource)) {
            if (json == null) {
                return false;
            }
            Schema schema = new Schema.Parser().parse(json);
            byFingerprint.put(SchemaNormalization.parsingFingerprint64(schema), schema);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
