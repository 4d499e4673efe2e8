package io.flagledger.embedded;

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
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bad network for tests: stands between clients and one broker on this machine, and can lose what passes, hold it back, or cut the
 * connections. It writes its own port in place of the broker's into what the broker answers, so that clients stay with it.
 *
 * <p>Safe for use by many threads. Where a client goes away, so does its connection to the broker.
 */
public final class KafkaProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaProxy.class);
    private static final int NO_KIND = -1;

    private final ServerSocket server;
    private final byte[] host;
    private final int broker;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final Set<Short> lost = ConcurrentHashMap.newKeySet();
    private final Set<Short> losing = ConcurrentHashMap.newKeySet();
    private volatile boolean isCut;
    private volatile boolean isDeaf;
    private volatile int deafAfter = NO_KIND;
    private volatile int heldKind = NO_KIND;
    private volatile @Nullable CountDownLatch held;

    private KafkaProxy(ServerSocket server, String host, int broker) {
        this.server = server;
        this.host = host.getBytes(StandardCharsets.US_ASCII);
        this.broker = broker;
    }

    /**
     * Stands before this broker, on a free port.
     *
     * @param bootstrapServers of a single broker that listens on 127.0.0.1, by the name that it tells its clients
     * @throws IOException when no port is to be had
     */
    public static KafkaProxy before(String bootstrapServers) throws IOException {
        int colon = bootstrapServers.lastIndexOf(':');
        KafkaProxy proxy = new KafkaProxy(
                new ServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                bootstrapServers.substring(0, colon),
                Integer.parseInt(bootstrapServers.substring(colon + 1)));
        proxy.start("kafka-proxy", proxy::accept);
        return proxy;
    }

    /** What clients of the proxy put in {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return Loopback.HOST + ":" + server.getLocalPort();
    }

    /** From now on everything is lost, both ways, until it is told to listen; connections stay open. */
    public void beDeaf() {
        isDeaf = true;
    }

    /** Lets the next request of this kind through; from then on everything is lost, its answer first. */
    public void beDeafAfter(ApiKeys request) {
        deafAfter = request.id;
    }

    /** From now on requests of this kind are lost, and nothing else, until it is told to listen. */
    public void lose(ApiKeys request) {
        losing.add(request.id);
    }

    /** Lets everything through again. What was lost stays lost. */
    public void listen() {
        isDeaf = false;
        losing.clear();
        lost.clear();
    }

    /** Whether a request of this kind was lost since it listened last. */
    public boolean hasLost(ApiKeys request) {
        return lost.contains(request.id);
    }

    /** Holds back the next request of this kind, and what its connection sends behind it, until {@link #release}. */
    public void holdNext(ApiKeys request) {
        heldKind = request.id;
    }

    /** Whether a request is being held back. */
    public boolean isHolding() {
        return held != null;
    }

    /** Lets go what is held back. */
    public void release() {
        heldKind = NO_KIND;
        CountDownLatch holding = held;
        if (holding != null) {
            holding.countDown();
        }
    }

    /** Closes all connections and every new one at once, until {@link #restore}. */
    public void cut() throws IOException {
        isCut = true;
        closeAll();
    }

    /** Takes connections again. */
    public void restore() {
        isCut = false;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            sockets.add(client);
            start("kafka-proxy-requests", () -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        try (client;
                Socket kafka = new Socket(InetAddress.getLoopbackAddress(), broker)) {
            sockets.add(kafka);
            if (isCut) {
                return;
            }
            start("kafka-proxy-answers", () -> answers(client, kafka));
            requests(client, kafka);
        }
    }

    private void requests(Socket client, Socket kafka) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        DataOutputStream out = new DataOutputStream(kafka.getOutputStream());
        while (true) {
            byte[] request = in.readNBytes(in.readInt());
            short kind = ByteBuffer.wrap(request).getShort();
            if (kind == heldKind) {
                hold();
            }
            if (isDeaf || losing.contains(kind)) {
                lost.add(kind);
                continue;
            }
            if (kind == deafAfter) {
                deafAfter = NO_KIND;
                isDeaf = true;
            }
            write(out, request);
        }
    }

    private void hold() throws IOException {
        CountDownLatch holding = new CountDownLatch(1);
        heldKind = NO_KIND;
        held = holding;
        try {
            holding.await();
        } catch (InterruptedException e) {
            throw new IOException("nobody interrupts this thread", e);
        } finally {
            held = null;
        }
    }

    private void answers(Socket client, Socket kafka) throws IOException {
        try (client;
                kafka) {
            DataInputStream in = new DataInputStream(kafka.getInputStream());
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            while (true) {
                byte[] answer = in.readNBytes(in.readInt());
                writeOwnPort(answer);
                if (!isDeaf) {
                    write(out, answer);
                }
            }
        }
    }

    private void writeOwnPort(byte[] answer) {
        for (int i = 0; i + host.length + Integer.BYTES <= answer.length; i++) {
            ByteBuffer port = ByteBuffer.wrap(answer, i + host.length, Integer.BYTES);
            if (Arrays.equals(answer, i, i + host.length, host, 0, host.length)
                    && port.getInt(i + host.length) == broker) {
                port.putInt(i + host.length, server.getLocalPort());
            }
        }
    }

    private static void write(DataOutputStream out, byte[] frame) throws IOException {
        byte[] whole = ByteBuffer.allocate(Integer.BYTES + frame.length)
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
                        LOG.debug("one side has gone: {}", e.toString());
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void closeAll() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    @Override
    public void close() throws IOException {
        server.close();
        release();
        closeAll();
    }
}
