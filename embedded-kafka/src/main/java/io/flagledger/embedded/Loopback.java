package io.flagledger.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * The two listening sockets of a broker, bound before Kafka is built and handed over when it asks for them. A taken port is
 * thus known at once, and a free one cannot be snatched away between finding it and using it.
 */
final class Loopback implements ServerSocketFactory, AutoCloseable {
    static final String HOST = "127.0.0.1";

    private final ServerSocketChannel broker;
    private final ServerSocketChannel controller;

    private Loopback(ServerSocketChannel broker, ServerSocketChannel controller) {
        this.broker = broker;
        this.controller = controller;
    }

    static Loopback bind(int brokerPort) {
        ServerSocketChannel broker = listen(brokerPort);
        try {
            return new Loopback(broker, listen(0));
        } catch (RuntimeException e) {
            closeQuietly(broker);
            throw e;
        }
    }

    int brokerPort() {
        return broker.socket().getLocalPort();
    }

    int controllerPort() {
        return controller.socket().getLocalPort();
    }

    @Override
    public ServerSocketChannel openServerSocket(String listener, InetSocketAddress address, int backlog, int buffer) {
        return address.getPort() == brokerPort() ? broker : controller;
    }

    /** A broker that ends closes what it was handed; this also closes what it never asked for. */
    @Override
    public void close() {
        closeQuietly(broker);
        closeQuietly(controller);
    }

    private static ServerSocketChannel listen(int port) {
        try {
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                channel.configureBlocking(false);
                return channel.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (BindException e) {
            throw new EmbeddedKafkaException(
                    "port " + port + " on " + HOST + " cannot be had (" + e.getMessage()
                            + "): stop the program that holds it, or choose another port",
                    e);
        } catch (IOException e) {
            throw new EmbeddedKafkaException("cannot listen on " + HOST + ": " + e.getMessage(), e);
        }
    }

    private static void closeQuietly(ServerSocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
