package io.flagledger.benchmarks.fanout;

import io.flagledger.benchmarks.fanout.Listeners.Heard;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Many flagd sync streams, each on a connection of its own. */
final class SyncStreams {
    private static final Pattern REVISION = Pattern.compile("\"flag-0000\":.*?\"revision\":(\\d+)");
    private static final Metadata.Key<String> SELECTOR =
            Metadata.Key.of("flagd-selector", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /** Of an answer only the revision of the flag that is changed. */
    private static final MethodDescriptor.Marshaller<Long> REVISIONS = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(Long nothing) {
            return new ByteArrayInputStream(new byte[0]);
        }

        @Override
        public Long parse(InputStream flags) {
            try {
                byte[] all = flags.readAllBytes();
                Matcher revision =
                        REVISION.matcher(new String(all, 0, Math.min(all.length, 4096), StandardCharsets.UTF_8));
                if (!revision.find()) {
                    throw new IllegalStateException("the flag does not come first");
                }
                return Long.parseLong(revision.group(1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private static final MethodDescriptor<Long, Long> SYNC = MethodDescriptor.<Long, Long>newBuilder()
            .setType(MethodType.SERVER_STREAMING)
            .setFullMethodName("flagd.sync.v1.FlagSyncService/SyncFlags")
            .setRequestMarshaller(REVISIONS)
            .setResponseMarshaller(REVISIONS)
            .build();

    /** Held, as gRPC complains of a channel that is dropped while it is open. */
    private static final List<ManagedChannel> open = new ArrayList<>();

    private SyncStreams() {}

    static void open(int port, String environment, String token, int streams, Heard heard) {
        for (int i = 0; i < streams; i++) {
            int stream = i;
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                    .usePlaintext()
                    .directExecutor()
                    .build();
            open.add(channel);
            ClientCall<Long, Long> call = channel.newCall(SYNC, CallOptions.DEFAULT);
            Metadata headers = new Metadata();
            headers.put(SELECTOR, environment);
            headers.put(AUTHORIZATION, "Bearer " + token);
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onMessage(Long revision) {
                            heard.by(stream, revision);
                            call.request(1);
                        }

                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            throw new IllegalStateException("stream %d has ended: %s".formatted(stream, status));
                        }
                    },
                    headers);
            call.sendMessage(0L);
            call.halfClose();
            call.request(1);
        }
    }
}
