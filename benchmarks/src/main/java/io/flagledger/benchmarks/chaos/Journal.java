package io.flagledger.benchmarks.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** What one writer did, line by line, as it did it; a process that is killed leaves a whole number of lines behind. */
final class Journal implements AutoCloseable {
    /** What a line tells of. */
    enum Kind {
        /** A call begins; the detail is the expected revision, or -1. */
        SENT,
        /** It was accepted, and the position is the sequence of its last event; the detail is whether it was there already. */
        ACCEPTED,
        /** It was refused at the position; the detail is the kind of refusal. */
        REFUSED,
        /** Nobody knows; the detail says what was told. */
        UNKNOWN
    }

    /**
     * @param nanos the machine's clock, which all processes share
     * @param number of the command, counted from 0
     */
    record Line(Kind kind, long nanos, int number, long position, String detail) {
        static Line of(String text) {
            String[] parts = text.split("\t", 5);
            return new Line(
                    Kind.valueOf(parts[0]),
                    Long.parseLong(parts[1]),
                    Integer.parseInt(parts[2]),
                    Long.parseLong(parts[3]),
                    parts[4]);
        }

        @Override
        public String toString() {
            return String.join(
                    "\t",
                    kind.name(),
                    Long.toString(nanos),
                    Integer.toString(number),
                    Long.toString(position),
                    detail.replaceAll("\\s+", " "));
        }
    }

    private final FileChannel file;

    private Journal(FileChannel file) {
        this.file = file;
    }

    static Path path(Path folder, int writer) {
        return folder.resolve("writer-" + writer + ".journal");
    }

    /** Opens it to write on. */
    static Journal open(Path folder, int writer) throws IOException {
        return new Journal(FileChannel.open(
                path(folder, writer), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
    }

    static List<Line> read(Path folder, int writer) throws IOException {
        List<Line> lines = new ArrayList<>();
        if (Files.exists(path(folder, writer))) {
            for (String text : Files.readAllLines(path(folder, writer), StandardCharsets.UTF_8)) {
                lines.add(Line.of(text));
            }
        }
        return lines;
    }

    /** In one write: what is in the file is there after the death of the process. */
    void write(Kind kind, int number, long position, String detail) {
        Line line = new Line(kind, System.nanoTime(), number, position, detail);
        try {
            ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            if (file.write(bytes) < bytes.limit()) {
                throw new IOException("a line was written in part");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
