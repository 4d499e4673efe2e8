package io.flagledger.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The right to use a folder: against other processes by a lock on its file {@code .lock}, against this one by a set.
 *
 * <p>The set is asked first. A file lock belongs to the process, and on POSIX systems closing any channel on the file gives it
 * up: a rival in this JVM that merely tried would free the folder for everybody.
 */
final class FolderLock implements AutoCloseable {
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /** The folder exists and is given as its real path, so that two spellings of it are one. */
    static FolderLock take(Path folder) {
        if (!HELD_HERE.add(folder)) {
            throw inUse(folder);
        }
        FileChannel channel = null;
        boolean taken = false;
        try {
            channel = FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(folder);
            }
            taken = true;
            return new FolderLock(folder, channel);
        } catch (IOException e) {
            throw new EmbeddedKafkaException("cannot lock the folder " + folder + ": " + e.getMessage(), e);
        } finally {
            if (!taken) {
                release(folder, channel);
            }
        }
    }

    @Override
    public void close() {
        release(folder, channel);
    }

    private static void release(Path folder, @Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            HELD_HERE.remove(folder);
        }
    }

    private static EmbeddedKafkaException inUse(Path folder) {
        return new EmbeddedKafkaException(
                "the folder " + folder + " is in use by another broker: stop that one, or choose another folder", null);
    }
}
