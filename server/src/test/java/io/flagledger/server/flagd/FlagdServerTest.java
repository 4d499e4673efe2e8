package io.flagledger.server.flagd;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.server.HttpClientForTest;
import io.flagledger.server.HttpClientForTest.Answer;
import io.flagledger.server.LedgerServer;
import io.flagledger.server.ServerConfig;
import io.flagledger.server.TokensForTest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The stream as a client sees it that knows the protocol's bytes and nothing of ours. */
@ExtendWith(KafkaExtension.class)
final class FlagdServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger TESTS = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static @Nullable LedgerServer server;
    private static @Nullable ManagedChannel channel;

    private final String environment = "flagd-" + TESTS.incrementAndGet();
    private final String evaluator = TokensForTest.of("service:town", "evaluator@" + environment);
    private HttpClientForTest http;

    @BeforeEach
    void open(KafkaForTest kafka) throws InterruptedException {
        if (server == null) {
            server = LedgerServer.start(new ServerConfig(
                    KafkaConnection.of(kafka.bootstrapServers()),
                    LedgerTopics.withPrefix(kafka.topicPrefix() + "flagd"),
                    "gastown-production",
                    folder,
                    "127.0.0.1",
                    0,
                    TokensForTest.AUTH));
            assertThat(server.awaitReady(PATIENCE)).isTrue();
            channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.grpcPort())
                    .usePlaintext()
                    .build();
        }
        http = new HttpClientForTest(server.httpPort());
        change("{'type':'FlagCreated','flag':'gastown'}");
    }

    @AfterAll
    static void close() {
        if (channel != null) {
            channel.shutdownNow();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void theTokenMayStandInTheHeaderOrInTheSelector() {
        assertThat(fetch(environment, "Bearer " + evaluator)).contains("\"gastown\"");
        assertThat(fetch("flagSetId=" + environment, "Bearer " + evaluator)).contains("\"gastown\"");
        assertThat(fetch(environment + "?token=" + evaluator, null)).contains("\"gastown\"");
    }

    @Test
    void whatCannotBeServedIsRefusedWithTheReason() {
        assertRefused(environment, null, Status.Code.UNAUTHENTICATED, "authorization: Bearer TOKEN");
        assertRefused(environment, "Bearer x.y.z", Status.Code.UNAUTHENTICATED, environment + "?token=TOKEN");
        assertRefused("elsewhere", "Bearer " + evaluator, Status.Code.PERMISSION_DENIED, "evaluator in elsewhere");
        assertRefused(
                "elsewhere",
                "Bearer " + TokensForTest.admin("dana"),
                Status.Code.NOT_FOUND,
                "no environment 'elsewhere'");
        assertRefused("Else where", "Bearer " + evaluator, Status.Code.INVALID_ARGUMENT, "must match");
    }

    @Test
    void whatIsNoRequestIsTheCallersFaultAndNotTheServers() {
        MethodDescriptor<String, String> bent = method("FetchAllFlags", MethodType.UNARY).toBuilder(
                        new Bent(), new Text(1))
                .build();
        assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(requireChannel(), bent, CallOptions.DEFAULT, ""))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT))
                .hasMessageContaining("this is no request of flagd.sync.v1");
    }

    @Test
    void theSameFlagsAreToBeHadOverHttpAsLongAsTheyAreNew() {
        String path = "/api/v1/environments/" + environment + "/flagd";
        HttpClientForTest service = http.as(evaluator);
        Answer snapshot = service.get(path);
        assertThat(snapshot.text()).isEqualTo(fetch(environment, "Bearer " + evaluator));
        Answer again = service.send(service.request(path).header("If-None-Match", snapshot.header("ETag")));
        assertThat(again.status()).isEqualTo(304);
    }

    @Test
    void aBurstOfChangesIsSentAsFewSetsOfWhichTheLastHasAll() {
        Stream stream = new Stream(environment, evaluator, Integer.MAX_VALUE);
        await().atMost(PATIENCE).until(() -> stream.received().size() == 1);
        for (int i = 0; i < 60; i++) {
            change("{'type':'FlagDescribed','flag':'gastown','title':'Gas Town %d'}".formatted(i));
        }
        await().atMost(PATIENCE).until(() -> stream.last().contains("\"revision\":61"));
        assertThat(stream.received()).hasSizeLessThan(60);
        stream.cancel();
    }

    @Test
    void whoReadsSlowlySkipsWhatIsOldByThen() {
        // A set of a megabyte, so that it can't wait in some buffer on the way.
        String ids = IntStream.range(0, 9_000)
                .mapToObj(
                        "'a-user-whose-id-is-long-enough-to-fill-some-buffers-and-whose-number-is-%05d-and-then-some'"
                                ::formatted)
                .collect(Collectors.joining(","));
        change("{'type':'AllowlistChanged','flag':'gastown','added':{'users':[%s]}}".formatted(ids));
        change("{'type':'StageMoved','flag':'gastown','to':'ALLOWLIST'}");
        Stream stream = new Stream(environment, evaluator, 1);
        await().atMost(PATIENCE).until(() -> stream.received().size() == 1);
        for (int i = 0; i < 20; i++) {
            change("{'type':'FlagDescribed','flag':'gastown','title':'Gas Town %d'}".formatted(i));
        }
        stream.request(100);
        await().atMost(PATIENCE).until(() -> stream.last().contains("\"revision\":23"));
        assertThat(stream.received()).hasSizeLessThan(12);
        stream.cancel();
    }

    private void assertRefused(String selector, @Nullable String authorization, Status.Code code, String message) {
        assertThatThrownBy(() -> fetch(selector, authorization))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    private String fetch(String selector, @Nullable String authorization) {
        return ClientCalls.blockingUnaryCall(
                io.grpc.ClientInterceptors.intercept(
                        requireChannel(), MetadataUtils.newAttachHeadersInterceptor(headers(selector, authorization))),
                method("FetchAllFlags", MethodType.UNARY),
                CallOptions.DEFAULT,
                "");
    }

    private void change(String change) {
        Answer answer = http.post(
                "/api/v1/environments/" + environment + "/changes",
                "{'reason':'try it','changes':[%s]}".formatted(change).replace('\'', '"'));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    private static ManagedChannel requireChannel() {
        return requireNonNull(channel);
    }

    private static Metadata headers(String selector, @Nullable String authorization) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("flagd-selector", Metadata.ASCII_STRING_MARSHALLER), selector);
        if (authorization != null) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
        }
        return headers;
    }

    private static MethodDescriptor<String, String> method(String name, MethodType type) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName("flagd.sync.v1.FlagSyncService/" + name)
                .setRequestMarshaller(new Text(2))
                .setResponseMarshaller(new Text(1))
                .build();
    }

    /** A message of one text. */
    private record Text(int field) implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String text) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                CodedOutputStream out = CodedOutputStream.newInstance(bytes);
                out.writeString(field, text);
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new ByteArrayInputStream(bytes.toByteArray());
        }

        @Override
        public String parse(InputStream bytes) {
            try {
                CodedInputStream in = CodedInputStream.newInstance(bytes);
                return in.readTag() == 0 ? "" : in.readString();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A message that says it is longer than it is. */
    private record Bent() implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String text) {
            return new ByteArrayInputStream(new byte[] {18, 100, 'x'});
        }

        @Override
        public String parse(InputStream bytes) {
            throw new UnsupportedOperationException("only sent");
        }
    }

    /** A call of SyncFlags that reads no more than it is told to. */
    private static final class Stream extends ClientCall.Listener<String> {
        private final ClientCall<String, String> call =
                requireChannel().newCall(method("SyncFlags", MethodType.SERVER_STREAMING), CallOptions.DEFAULT);
        private final List<String> received = new CopyOnWriteArrayList<>();

        Stream(String environment, String token, int reads) {
            call.start(this, headers(environment, "Bearer " + token));
            call.sendMessage("");
            call.halfClose();
            call.request(reads);
        }

        void request(int reads) {
            call.request(reads);
        }

        void cancel() {
            call.cancel("enough", null);
        }

        List<String> received() {
            return received;
        }

        String last() {
            return received.isEmpty() ? "" : received.get(received.size() - 1);
        }

        @Override
        public void onMessage(String flags) {
            received.add(flags);
        }
    }
}
