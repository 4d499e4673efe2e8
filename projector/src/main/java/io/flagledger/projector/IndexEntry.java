package io.flagledger.projector;

import io.flagledger.core.event.Change;
import java.nio.charset.StandardCharsets;

/**
 * What stands beside an entry of the index: the whole flag where a copy was due, the flag's key where the entry is of a
 * creation, and otherwise nothing.
 */
final class IndexEntry {
    static final byte[] NOTHING = {};

    private IndexEntry() {}

    static boolean isCopy(byte[] value) {
        return value.length > 0;
    }

    static byte[] ofKind(Change change) {
        return change instanceof Change.FlagCreated ? change.flag().getBytes(StandardCharsets.UTF_8) : NOTHING;
    }

    static String createdFlag(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }
}
