package io.flagledger.sdk;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where snapshots are.
 *
 * @param file read at the start and written from then on; null if there is none
 * @param shipped only read; null if there is none
 */
record Snapshots(@Nullable Path file, @Nullable URL shipped) {
    static final Snapshots NONE = new Snapshots(null, null);

    private static final Logger log = LoggerFactory.getLogger("io.flagledger.evaluator");

    /** A snapshot, and where it came from in words. */
    record Loaded(Snapshot snapshot, String where) {}

    private interface Source {
        byte[] read() throws IOException;
    }

    /** The snapshot to start from: the one that was current last. One that can't be used is told of and left alone. */
    @Nullable
    Loaded load(String environment, Health health) {
        Loaded fromFile =
                file == null ? null : load(environment, health, file.toString(), () -> Files.readAllBytes(file));
        Loaded fromJar = shipped == null
                ? null
                : load(environment, health, shipped.toString(), () -> {
                    try (InputStream in = shipped.openStream()) {
                        return in.readAllBytes();
                    }
                });
        if (fromFile == null || fromJar == null) {
            return fromFile == null ? fromJar : fromFile;
        }
        return fromJar.snapshot.asOf().isAfter(fromFile.snapshot.asOf()) ? fromJar : fromFile;
    }

    private static @Nullable Loaded load(String environment, Health health, String where, Source source) {
        try {
            Snapshot snapshot = Snapshot.fromBytes(source.read(), where);
            if (snapshot.state().environment().equals(environment)) {
                return new Loaded(snapshot, where);
            }
            refuse(
                    health,
                    "%s is a snapshot of %s, not of %s"
                            .formatted(where, snapshot.state().environment(), environment));
        } catch (NoSuchFileException e) {
            log.debug("there is no snapshot {} yet", where);
        } catch (IOException e) {
            refuse(health, "the snapshot %s can't be read: %s".formatted(where, e));
        } catch (SnapshotException e) {
            refuse(health, String.valueOf(e.getMessage()));
        }
        return null;
    }

    private static void refuse(Health health, String why) {
        log.warn("a snapshot is refused: {}", why);
        health.remark(why);
    }
}
