package io.flagledger.server.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A connection: bytes go out as they are, answers come back in parts. For one thread. */
final class Wire implements AutoCloseable {
    /** What takes longer hangs. */
    private static final int PATIENCE_MILLIS = 40_000;

    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;

    Wire(int port) throws IOException {
        // From many addresses, as each has but so many ports that can be used in a minute.
        int from = ADDRESSES.getAndIncrement() & 0xff;
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) from}), 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 16 << 10);
        out = socket.getOutputStream();
    }

    /** Sends as much as the server takes: it may close on the first and still answer it. */
    void send(List<BadRequest> requests) {
        try {
            for (BadRequest request : requests) {
                out.write(request.bytes());
            }
        } catch (IOException e) {
            // seen by whoever reads
        }
    }

    /** Says that nothing more will come. */
    void end() throws IOException {
        socket.shutdownOutput();
    }

    /**
     * Reads an answer.
     *
     * @param head whether it has no body
     * @return null if the server has closed instead
     * @throws SocketTimeoutException if nothing comes
     */
    @Nullable
    RawAnswer read(boolean head) throws IOException {
        String line = line();
        if (line == null) {
            return null;
        }
        if (!line.matches("HTTP/1\\.[01] \\d{3}( .*)?")) {
            throw new IOException("that is no answer of HTTP's: " + line);
        }
        int status = Integer.parseInt(line.substring(9, 12));
        Map<String, String> headers = new HashMap<>();
        for (String field = field(); !field.isEmpty(); field = field()) {
            int colon = field.indexOf(':');
            headers.put(
                    field.substring(0, colon).toLowerCase(Locale.ROOT),
                    field.substring(colon + 1).strip());
        }
        if (status == 100) {
            return read(head);
        }
        boolean bare = head || status == 204 || status == 304;
        return new RawAnswer(status, headers, bare ? new byte[0] : body(headers));
    }

    /** Whether the server closes, whatever it says before. */
    boolean isClosedByServer() {
        try {
            long unused = in.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true; // by force
        }
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if (headers.getOrDefault("content-type", "").startsWith("text/event-stream")) {
            return new byte[0]; // it has no end
        }
        if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (int size = Integer.parseInt(field(), 16); size > 0; size = Integer.parseInt(field(), 16)) {
                body.writeBytes(exactly(size));
                field();
            }
            while (!field().isEmpty()) {
                // a trailer
            }
            return body.toByteArray();
        }
        String length = headers.get("content-length");
        return length == null ? in.readAllBytes() : exactly(Integer.parseInt(length));
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the answer ends after %d of %d bytes".formatted(bytes.length, length));
        }
        return bytes;
    }

    private String field() throws IOException {
        String line = line();
        if (line == null) {
            throw new EOFException("the answer ends in its headers");
        }
        return line;
    }

    /** Null if there is no more. */
    private @Nullable String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
            }
            line.write(c);
        }
        if (line.size() > 0) {
            throw new EOFException("the answer ends in a line: " + line.toString(StandardCharsets.ISO_8859_1));
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
