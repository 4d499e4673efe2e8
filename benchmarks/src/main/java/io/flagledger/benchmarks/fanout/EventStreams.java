package io.flagledger.benchmarks.fanout;

import io.flagledger.benchmarks.fanout.Listeners.Heard;
import io.flagledger.core.json.LedgerJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Many OFREP event streams, each on a connection of its own, read by one thread. */
final class EventStreams {
    private static final Pattern ID = Pattern.compile("id: (\\d+)\n");

    private EventStreams() {}

    static void open(int port, String environment, String token, int streams, Heard heard) throws Exception {
        String body = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ofrep/v1/evaluate/flags"))
                                .header("Authorization", "Bearer " + token)
                                .header("X-Ledger-Environment", environment)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{}"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        String address =
                LedgerJson.parse(body).at("/eventStreams/0/endpoint/requestUri").textValue();
        ByteBuffer request = ByteBuffer.wrap("GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n"
                .formatted(address)
                .getBytes(StandardCharsets.US_ASCII));
        Selector selector = Selector.open();
        for (int i = 0; i < streams; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.write(request.duplicate());
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, i);
        }
        Thread reader = new Thread(() -> read(selector, heard), "event-streams");
        reader.setDaemon(true);
        reader.start();
    }

    private static void read(Selector selector, Heard heard) {
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        try {
            while (true) {
                selector.select(key -> {
                    buffer.clear();
                    try {
                        if (((SocketChannel) key.channel()).read(buffer) < 0) {
                            throw new IllegalStateException("stream %s has ended".formatted(key.attachment()));
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    Matcher ids = ID.matcher(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8));
                    while (ids.find()) {
                        heard.by((Integer) key.attachment(), Long.parseLong(ids.group(1)));
                    }
                });
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
