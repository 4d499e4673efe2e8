package io.flagledger.core.kafka;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Stands between clients and a broker on this machine and can lose what passes. It writes its own port in place of the
 * broker's into what the broker answers, so that clients stay with it.
 */
final class Proxy implements AutoCloseable {
    private static final byte[] HOST = "127.0.0.1".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket server;
    private final int broker;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final Set<Short> lost = ConcurrentHashMap.newKeySet();
    private volatile boolean isDeaf;
    private volatile int deafAfter = -1;

    Proxy(String bootstrapServers) throws IOException {
        broker = Integer.parseInt(bootstrapServers.replaceAll(".*:", ""));
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("proxy", this::accept);
    }

    KafkaConnection connection() {
        return KafkaConnection.of("127.0.0.1:" + server.getLocalPort());
    }

    /** From now on everything is lost, both ways, until it is told to listen. */
    void beDeaf() {
        isDeaf = true;
    }

    /** Lets the next request of this kind through; from then on everything is lost. */
    void beDeafAfter(ApiKeys request) {
        deafAfter = request.id;
    }

    void listen() {
        isDeaf = false;
        lost.clear();
    }

    /** Whether a request of this kind was lost. */
    boolean hasLost(ApiKeys request) {
        return lost.contains(request.id);
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            Socket kafka = new Socket(InetAddress.getLoopbackAddress(), broker);
            sockets.add(client);
            sockets.add(kafka);
            start("proxy-requests", () -> requests(client, kafka));
            start("proxy-answers", () -> answers(client, kafka));
        }
    }

    private void requests(Socket client, Socket kafka) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        DataOutputStream out = new DataOutputStream(kafka.getOutputStream());
        while (true) {
            byte[] request = in.readNBytes(in.readInt());
            short kind = ByteBuffer.wrap(request).getShort();
            if (isDeaf) {
                lost.add(kind);
                continue;
            }
            if (kind == deafAfter) {
                deafAfter = -1;
                isDeaf = true;
            }
            write(out, request);
        }
    }

    private void answers(Socket client, Socket kafka) throws IOException {
        DataInputStream in = new DataInputStream(kafka.getInputStream());
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        while (true) {
            byte[] answer = in.readNBytes(in.readInt());
            for (int i = 0; i + HOST.length + 4 <= answer.length; i++) {
                ByteBuffer port = ByteBuffer.wrap(answer, i + HOST.length, 4).slice();
                if (Arrays.equals(answer, i, i + HOST.length, HOST, 0, HOST.length) && port.getInt(0) == broker) {
                    port.putInt(0, server.getLocalPort());
                }
            }
            if (!isDeaf) {
                write(out, answer);
            }
        }
    }

    private static void write(DataOutputStream out, byte[] frame) throws IOException {
        byte[] whole = ByteBuffer.allocate(4 + frame.length)
                .putInt(frame.length)
                .put(frame)
                .array();
        out.write(whole);
        out.flush();
    }

    private interface Loop {
        void run() throws IOException;
    }

    private void start(String name, Loop loop) {
        Thread thread = new Thread(
                () -> {
                    try {
                        loop.run();
                    } catch (IOException e) {
                        lost.add((short) -1); // one side has gone
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
