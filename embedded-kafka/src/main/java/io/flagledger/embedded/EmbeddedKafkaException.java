package io.flagledger.embedded;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The broker could not be started. The message says what stood in the way and what to do; nothing is left running. */
public final class EmbeddedKafkaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What Kafka says, in its different corners, of a folder that a newer Kafka has written; it has no exception for it. */
    private static final List<String> NEWER =
            List.of("No MetadataVersion with feature level", "only supports versions");

    EmbeddedKafkaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static EmbeddedKafkaException notStarted(Path folder, RuntimeException cause) {
        String said = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        String told = NEWER.stream().anyMatch(said::contains)
                ? "the folder " + folder + " was written by a newer Kafka (" + said
                        + "): use the newer version of this program again, or choose another folder"
                : "Kafka did not start on the folder " + folder + ": " + said;
        return new EmbeddedKafkaException(told, cause);
    }
}
