package io.flagledger.server.flagd;

import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.NotReadyException;
import io.flagledger.server.LiveEnvironments;
import io.flagledger.server.auth.Authenticator;
import io.flagledger.server.auth.Caller;
import io.flagledger.server.auth.CallerRole;
import io.flagledger.server.auth.IssuerSilentException;
import io.flagledger.server.auth.UnauthenticatedException;
import io.flagledger.server.push.Pushes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code flagd.sync.v1.FlagSyncService}: the flags once, or again and again as they change. */
final class SyncService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.flagd");
    private static final String NAME = "flagd.sync.v1.FlagSyncService";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LONGEST_UNREAD = Duration.ofSeconds(30);
    private static final long CHECK_SECONDS = 5;
    private static final Context.Key<Metadata> HEADERS = Context.key("headers");

    private final LiveEnvironments live;
    private final String environment;
    private final Authenticator authenticator;
    private final Map<String, FlagSet> sets = new ConcurrentHashMap<>();
    private final ScheduledExecutorService pusher = Executors.newSingleThreadScheduledExecutor(SyncService::daemon);
    private final Future<?> checking;

    SyncService(LiveEnvironments live, String environment, Authenticator authenticator) {
        this.live = live;
        this.environment = environment;
        this.authenticator = authenticator;
        this.checking = pusher.scheduleAtFixedRate(this::endDue, CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
    }

    ServerServiceDefinition definition() {
        ServerServiceDefinition service = ServerServiceDefinition.builder(NAME)
                .addMethod(
                        method("SyncFlags", MethodType.SERVER_STREAMING),
                        ServerCalls.asyncServerStreamingCall(this::sync))
                .addMethod(method("FetchAllFlags", MethodType.UNARY), ServerCalls.asyncUnaryCall(this::fetch))
                .addMethod(method("GetMetadata", MethodType.UNARY), ServerCalls.asyncUnaryCall(this::metadata))
                .build();
        return ServerInterceptors.intercept(service, new KeepHeaders());
    }

    private static MethodDescriptor<SyncRequest, SyncResponse> method(String name, MethodType type) {
        return MethodDescriptor.<SyncRequest, SyncResponse>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, name))
                .setRequestMarshaller(SyncRequest.MARSHALLER)
                .setResponseMarshaller(SyncResponse.MARSHALLER)
                .build();
    }

    private void sync(SyncRequest request, StreamObserver<SyncResponse> answers) {
        ServerCallStreamObserver<SyncResponse> observer = (ServerCallStreamObserver<SyncResponse>) answers;
        Asked asked;
        try {
            asked = asked(request);
        } catch (StatusRuntimeException e) {
            observer.onError(e);
            return;
        }
        SyncStream stream = new SyncStream(observer, asked.caller().expiresAt());
        observer.setOnCancelHandler(() -> {
            stream.left();
            asked.set().streams().remove(stream);
        });
        // First among those who are told, then sent the flags: so no change falls between the two.
        asked.set().streams().add(stream);
        stream.offer(asked.set().current());
    }

    private void fetch(SyncRequest request, StreamObserver<SyncResponse> answer) {
        try {
            answer.onNext(asked(request).set().current());
            answer.onCompleted();
        } catch (StatusRuntimeException e) {
            answer.onError(e);
        }
    }

    private void metadata(SyncRequest request, StreamObserver<SyncResponse> answer) {
        answer.onNext(SyncResponse.EMPTY);
        answer.onCompleted();
    }

    /** What the call asks for, if it may. */
    private Asked asked(SyncRequest request) {
        if (request.unreadable() != null) {
            throw Status.INVALID_ARGUMENT.withDescription(request.unreadable()).asRuntimeException();
        }
        Selector selector = Selector.of(HEADERS.get(), request, environment);
        Caller caller = caller(selector);
        if (!caller.may(CallerRole.EVALUATOR, selector.environment())) {
            throw Status.PERMISSION_DENIED
                    .withDescription("that takes the role %s in %s, which '%s' has not"
                            .formatted(CallerRole.EVALUATOR.word(), selector.environment(), caller.subject()))
                    .asRuntimeException();
        }
        FlagLedger flags = find(selector.environment());
        return new Asked(caller, sets.computeIfAbsent(selector.environment(), name -> follow(flags)));
    }

    private Caller caller(Selector selector) {
        try {
            return authenticator.authenticate(selector.authorization());
        } catch (UnauthenticatedException e) {
            throw Status.UNAUTHENTICATED
                    .withDescription("%s: send the header 'authorization: Bearer TOKEN', or the selector %s?token=TOKEN"
                            .formatted(e.getMessage(), selector.environment()))
                    .asRuntimeException();
        } catch (IssuerSilentException e) {
            throw Status.UNAVAILABLE
                    .withDescription(e.getMessage())
                    .withCause(e)
                    .asRuntimeException();
        }
    }

    private FlagLedger find(String name) {
        try {
            return live.find(name, PATIENCE)
                    .orElseThrow(() -> Status.NOT_FOUND
                            .withDescription("there is no environment '%s'; the first change makes one".formatted(name))
                            .asRuntimeException());
        } catch (NotReadyException e) {
            throw Status.UNAVAILABLE
                    .withDescription(e.getMessage())
                    .withCause(e)
                    .asRuntimeException();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Status.UNAVAILABLE.withDescription("the server is stopping").asRuntimeException();
        }
    }

    private FlagSet follow(FlagLedger flags) {
        FlagSet set = new FlagSet(flags);
        Pushes pushes = new Pushes(pusher, () -> push(set));
        flags.onChange(changed -> pushes.ask());
        return set;
    }

    int streams() {
        return sets.values().stream().mapToInt(set -> set.streams().size()).sum();
    }

    private void push(FlagSet set) {
        try {
            set.push();
        } catch (RuntimeException e) {
            log.error("the flags were not pushed to providers", e);
        }
    }

    private void endDue() {
        Instant now = Instant.now();
        sets.forEach((name, set) -> set.streams().forEach(stream -> {
            Status why = stream.endIfDue(now, LONGEST_UNREAD);
            if (why != null) {
                set.streams().remove(stream);
                log.info("a flagd stream of {} is ended: {}", name, why.getDescription());
            }
        }));
    }

    /** Tells everybody that the server stops, so that they look for another at once. */
    @Override
    public void close() {
        checking.cancel(true);
        pusher.shutdownNow();
        Status stopping = Status.UNAVAILABLE.withDescription("the server is stopping");
        sets.values().forEach(set -> set.streams().forEach(stream -> stream.end(stopping)));
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "flag-ledger-flagd");
        thread.setDaemon(true);
        return thread;
    }

    /** Hands a call's headers to the method, which sees only the request otherwise. */
    private static final class KeepHeaders implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            return Contexts.interceptCall(Context.current().withValue(HEADERS, headers), call, headers, next);
        }
    }

    /** What somebody asks for, and may. */
    private record Asked(Caller caller, FlagSet set) {}
}
