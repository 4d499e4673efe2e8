package io.flagledger.server.fuzz;

import com.google.protobuf.CodedOutputStream;
import io.flagledger.core.fuzz.Fuzz;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Bad calls of flagd's sync service, and bytes that are no calls of any. */
final class SyncFuzzer implements AutoCloseable {
    private static final Set<Status.Code> TYPED = Set.of(
            Status.Code.INVALID_ARGUMENT,
            Status.Code.UNAUTHENTICATED,
            Status.Code.PERMISSION_DENIED,
            Status.Code.NOT_FOUND,
            Status.Code.RESOURCE_EXHAUSTED,
            Status.Code.UNIMPLEMENTED);
    private static final int MOST_FAULTS = 20;
    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] bytes) {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public byte[] parse(InputStream in) {
            try {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private static final List<String> METHODS =
            List.of("SyncFlags", "SyncFlags", "SyncFlags", "FetchAllFlags", "FetchAllFlags", "NoSuchMethod");

    /** Tells of each bad frame; what is a fault of ours ends a call with a status that is looked at. */
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    private static final List<byte[]> SOUND =
            List.of(message(1, "id"), message(2, "test"), message(2, "test?token=x.y.z"), message(9, "?"));

    private final int port;
    private final ManagedChannel channel;
    private final String token;
    private final List<String> others;
    private final Random random;
    private final Fuzz messages;
    private final Fuzz conversations;

    SyncFuzzer(int port, long seed, String token, List<String> others) {
        GRPC.setLevel(Level.OFF);
        this.port = port;
        this.token = token;
        this.others = others;
        this.random = new Random(seed);
        this.channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
        this.messages = new Fuzz(seed, SOUND);
        this.conversations = new Fuzz(seed, List.of(conversation("test"), conversation("elsewhere")));
    }

    /** Makes so many calls; how they ended. */
    Map<Status.Code, Integer> call(int calls, List<String> faults) {
        Map<Status.Code, Integer> ends = new EnumMap<>(Status.Code.class);
        for (int i = 0; i < calls; i++) {
            byte[] message = message();
            Metadata headers = headers();
            Status.Code end = Status.Code.OK;
            try {
                call(pick(METHODS), headers, message);
            } catch (StatusRuntimeException e) {
                end = e.getStatus().getCode();
                if (!TYPED.contains(end) && faults.size() < MOST_FAULTS) {
                    faults.add("call %d, of %s with %s, ends with %s"
                            .formatted(i, new String(message, StandardCharsets.ISO_8859_1), headers, e.getStatus()));
                }
            }
            ends.merge(end, 1, Integer::sum);
        }
        return ends;
    }

    /** Waits for the first answer, and leaves where others would follow. */
    private void call(String method, Metadata headers, byte[] message) {
        MethodDescriptor<byte[], byte[]> asked = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodType.SERVER_STREAMING)
                .setFullMethodName("flagd.sync.v1.FlagSyncService/" + method)
                .setRequestMarshaller(BYTES)
                .setResponseMarshaller(BYTES)
                .build();
        Context.CancellableContext here = Context.current().withCancellation();
        Context before = here.attach();
        try {
            boolean unused = ClientCalls.blockingServerStreamingCall(
                            ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
                            asked,
                            CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                            message)
                    .hasNext();
        } finally {
            here.detach(before);
            here.cancel(null);
        }
    }

    /** Sends bytes that are bent from what HTTP/2 says; each time the connection must be closed. */
    void talk(int times, List<String> faults) throws IOException {
        for (int i = 0; i < times; i++) {
            BadRequest bent = new BadRequest(conversations.next(), true);
            try (Wire wire = new Wire(port)) {
                wire.send(List.of(bent));
                wire.end();
                if (!wire.isClosedByServer()) {
                    faults.add("not closed: " + bent);
                }
            }
        }
    }

    /** One in three is sound, so that what is wrong is only who asks, or for what. */
    private byte[] message() {
        return switch (random.nextInt(300)) {
            case 0 -> new byte[80_000];
            case 1, 2, 3 -> new byte[0];
            default -> random.nextInt(3) == 0 ? SOUND.get(random.nextInt(SOUND.size())) : messages.next();
        };
    }

    private Metadata headers() {
        Metadata headers = new Metadata();
        if (random.nextInt(4) > 0) {
            put(headers, "authorization", random.nextBoolean() ? "Bearer " + token : pick(others));
        }
        if (random.nextBoolean()) {
            put(
                    headers,
                    "flagd-selector",
                    pick(List.of(
                            "",
                            "test",
                            "Test",
                            "flagSetId=test",
                            "?token=",
                            "flagSetId=?token=x.y.z",
                            "a?b?c",
                            "ghost")));
        }
        return headers;
    }

    private static void put(Metadata headers, String name, String value) {
        if (value.matches("[ -~]*")) {
            headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        }
    }

    private String pick(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static byte[] message(int field, String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            out.writeString(field, text);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A call as HTTP/2 has it: greeting, settings, headers, one message. */
    private static byte[] conversation(String selector) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(all, 4, 0, 0, new byte[0]);
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        List<String> fields = new ArrayList<>(List.of(":method", "POST", ":scheme", "http", ":authority", "localhost"));
        fields.addAll(List.of(":path", "/flagd.sync.v1.FlagSyncService/FetchAllFlags", "te", "trailers"));
        fields.addAll(List.of("content-type", "application/grpc"));
        for (int i = 0; i < fields.size(); i += 2) {
            headers.write(0); // a literal that is not to be remembered
            literal(headers, fields.get(i));
            literal(headers, fields.get(i + 1));
        }
        frame(all, 1, 4, 1, headers.toByteArray());
        byte[] message = message(2, selector);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(new byte[] {0, 0, 0, 0, (byte) message.length});
        data.writeBytes(message);
        frame(all, 0, 1, 1, data.toByteArray());
        return all.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, String text) {
        out.write(text.length());
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        out.writeBytes(new byte[] {0, 0, (byte) payload.length, (byte) type, (byte) flags, 0, 0, 0, (byte) stream});
        out.writeBytes(payload);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
