package io.flagledger.projector;

import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.StateEntry;

/**
 * An entry on its way to the state topic: encoded once, for a flag may be large.
 *
 * @param value not copied, so do not change it
 */
@SuppressWarnings("ArrayRecordComponent") // handed to the store and the producer; never compared
record Outgoing(StateEntry entry, byte[] value) {
    static Outgoing of(StateEntry entry) {
        return new Outgoing(entry, StateCodec.encode(entry));
    }
}
