package io.flagledger.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds the token for a server. */
final class ServerToken {
    private ServerToken() {}

    /** The token of a file, of {@code LEDGER_TOKEN}, or the local one, which is shown to nobody but this machine; null if there is none. */
    static @Nullable String find(Session session, URI server, @Nullable Path file) {
        if (file != null) {
            return read(file);
        }
        String said = session.variable("LEDGER_TOKEN");
        if (said != null) {
            return said.strip();
        }
        Path local = AuthOptions.folder(session.variable("LEDGER_AUTH")).resolve("token");
        return isHere(server) && Files.isReadable(local) ? read(local) : null;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw Complaint.usage("the token in %s can't be read (%s)"
                    .formatted(file, e.getClass().getSimpleName()));
        }
    }

    private static boolean isHere(URI server) {
        try {
            return InetAddress.getByName(server.getHost()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
