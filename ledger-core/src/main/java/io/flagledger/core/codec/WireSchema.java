package io.flagledger.core.codec;

import static java.util.Objects.requireNonNull;

import io.flagledger.wire.LedgerEvent;
import io.flagledger.wire.StateRecord;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;

/** What the values of a topic are, and every version that their schema has had. Any number of threads may use it. */
public final class WireSchema {
    /** Of the events topic. */
    public static final WireSchema EVENT = new WireSchema("ledger-event", LedgerEvent.getClassSchema());

    /** Of the state topic. */
    public static final WireSchema STATE = new WireSchema("state-record", StateRecord.getClassSchema());

    private final String file;
    private final Schema current;
    private @Nullable KeptSchemas kept;

    private WireSchema(String file, Schema current) {
        this.file = file;
        this.current = current;
    }

    /** The schema that this version writes, as JSON: its newest kept version, which is what belongs into a registry. */
    public String json() {
        return newest().toString();
    }

    /**
     * The fingerprint of a schema that somebody else names, be it a registry or a serializer class.
     *
     * @throws UndecodableException if it is no version of this schema that was ever kept: nothing else is believed, since
     *     the digest of an event does not cover which schema its bytes are to be read with
     */
    public long fingerprintOf(String json) {
        Schema named;
        try {
            named = new Schema.Parser().parse(json);
        } catch (RuntimeException e) {
            throw new UndecodableException("the schema that is said to be its own is none: " + e.getMessage(), e);
        }
        long fingerprint = SchemaNormalization.parsingFingerprint64(named);
        if (kept().schema(fingerprint) == null) {
            throw new UndecodableException(
                    "the schema that is said to be its own, %s with the fingerprint %016x, is no version of %s that is known here"
                            .formatted(named.getName(), fingerprint, current.getName()),
                    null);
        }
        return fingerprint;
    }

    /** What records are read as, whichever version wrote them. */
    Schema current() {
        return current;
    }

    Schema newest() {
        return requireNonNull(schema(SchemaNormalization.parsingFingerprint64(current)), "every version is kept");
    }

    /** The kept version with this fingerprint. */
    @Nullable
    Schema schema(long fingerprint) {
        return kept().schema(fingerprint);
    }

    /** Loaded when it is needed, which is seldom: for a record of an older version, or a registry. */
    private synchronized KeptSchemas kept() {
        KeptSchemas known = kept;
        if (known == null) {
            known = new KeptSchemas(file);
            kept = known;
        }
        return known;
    }
}
