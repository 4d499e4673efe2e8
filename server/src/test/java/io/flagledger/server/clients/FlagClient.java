package io.flagledger.server.clients;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a story is followed with. */
interface FlagClient extends AutoCloseable {
    /** Whether a BOOLEAN flag is on for somebody. */
    boolean isOn(String flag, String user, @Nullable String org);

    @Override
    void close() throws IOException;
}
