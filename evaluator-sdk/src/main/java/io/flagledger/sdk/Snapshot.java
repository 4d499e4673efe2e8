package io.flagledger.sdk;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.codec.UndecodableException;
import io.flagledger.core.event.Digest;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagMap;
import io.flagledger.core.fold.FlagState;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All flags of an environment at one position, for an evaluator to start from while Kafka does not answer.
 *
 * @param ledgerId Kafka's topic id of the events topic
 * @param state between two batches
 * @param eventOffset the offset of its last event in its partition of the events topic; -1 if it has none
 * @param asOf when these were last known to be all events, by the clock of whoever knew
 */
public record Snapshot(String ledgerId, EnvironmentState state, long eventOffset, Instant asOf) {
    /*
     * As a file, all numbers big-endian: "FLAGSNAP", the version (4 bytes), asOf in milliseconds (8), and then for the head
     * and each flag, sorted by key, its length (4) and the record of the state topic in Avro's single-object encoding.
     * The last 32 bytes are the SHA-256 of all before. The head says how many flags there are.
     */
    private static final byte[] MAGIC = "FLAGSNAP".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;

    public Snapshot {
        requireNonNull(ledgerId, "ledgerId");
        requireNonNull(state, "state");
        requireNonNull(asOf, "asOf");
        if (!state.isWhole()) {
            throw new IllegalArgumentException(
                    "event %d of %s does not end its batch".formatted(state.sequence(), state.environment()));
        }
    }

    /** These flags as a file. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(MAGIC);
            out.writeInt(VERSION);
            out.writeLong(asOf.toEpochMilli());
            write(out, head());
            for (FlagState flag : state.flags().sortedValues()) {
                write(out, new StateEntry.Flag(state.environment(), flag));
            }
            out.write(Digest.of(bytes.toByteArray()).toBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // there is no disk in it
        }
        return bytes.toByteArray();
    }

    /**
     * The flags that a file holds.
     *
     * @param name of the file, for messages
     * @throws SnapshotException if it is damaged, of another version, or no snapshot at all
     */
    public static Snapshot fromBytes(byte[] bytes, String name) throws SnapshotException {
        int end = bytes.length - Digest.LENGTH;
        if (end < MAGIC.length + Integer.BYTES || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new SnapshotException("%s is no snapshot: it does not begin as one does".formatted(name));
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, MAGIC.length, end - MAGIC.length);
        int version = in.getInt();
        if (version != VERSION) {
            throw new SnapshotException(
                    "%s is a snapshot of version %d, and this version of Flag Ledger reads version %d"
                            .formatted(name, version, VERSION));
        }
        if (!Digest.of(bytes, 0, end).equals(Digest.from(Arrays.copyOfRange(bytes, end, bytes.length)))) {
            throw new SnapshotException(
                    "%s is damaged: its checksum is another; delete it, and the next is written".formatted(name));
        }
        try {
            return read(in, name);
        } catch (BufferUnderflowException | UndecodableException e) {
            throw new SnapshotException("%s can't be read: %s".formatted(name, e.getMessage()), e);
        }
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it can't be read
     * @throws SnapshotException if it is damaged, of another version, or no snapshot at all
     */
    public static Snapshot read(Path file) throws IOException, SnapshotException {
        return fromBytes(Files.readAllBytes(file), file.toString());
    }

    /** Puts these flags in the place of the file, at once or not at all; its folder is created where it is missing. */
    public void write(Path file) throws IOException {
        Path target = file.toAbsolutePath();
        Path folder = requireNonNull(target.getParent(), "a file lies in a folder");
        Files.createDirectories(folder);
        Path written = Files.createTempFile(folder, target.getFileName().toString(), ".tmp");
        try {
            try (FileChannel out = FileChannel.open(written, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(toBytes());
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    private Head head() {
        return new Head(
                state.environment(),
                ledgerId,
                state.sequence(),
                state.digest(),
                state.ledgerTime(),
                eventOffset,
                state.flags().size());
    }

    private static void write(DataOutputStream out, StateEntry entry) throws IOException {
        byte[] bytes = StateCodec.encode(entry);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static Snapshot read(ByteBuffer in, String name) throws SnapshotException {
        Instant asOf = Instant.ofEpochMilli(in.getLong());
        List<byte[]> encoded = new ArrayList<>();
        while (in.hasRemaining()) {
            encoded.add(entry(in));
        }
        List<StateEntry> entries = InParallel.map(encoded, StateCodec::decode);
        if (entries.isEmpty() || !(entries.get(0) instanceof Head head)) {
            throw new SnapshotException("%s does not say what it is a snapshot of".formatted(name));
        }
        FlagMap<FlagState> flags = FlagMap.empty();
        for (StateEntry entry : entries.subList(1, entries.size())) {
            if (!(entry instanceof StateEntry.Flag flag)) {
                throw new SnapshotException("%s is two snapshots in one".formatted(name));
            }
            flags = flags.with(flag.state().key(), flag.state());
        }
        if (flags.size() != head.flags()) {
            throw new SnapshotException(
                    "%s should have %d flags and has %d".formatted(name, head.flags(), flags.size()));
        }
        EnvironmentState state =
                new EnvironmentState(head.environment(), head.sequence(), head.digest(), head.ledgerTime(), 0, flags);
        return new Snapshot(head.ledgerId(), state, head.eventOffset(), asOf);
    }

    private static byte[] entry(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
