package io.flagledger.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Names;
import io.flagledger.core.json.MalformedException;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.NotReadyException;
import io.flagledger.server.ServerConfig;
import io.flagledger.server.auth.Caller;
import io.flagledger.server.auth.CallerRole;
import io.flagledger.server.auth.IssuerSilentException;
import io.flagledger.server.auth.UnauthenticatedException;
import io.flagledger.server.ofrep.OfrepAnswers;
import io.flagledger.server.ofrep.OfrepException;
import io.flagledger.server.ofrep.OfrepRequest;
import io.flagledger.server.ofrep.OfrepTag;
import io.flagledger.server.ofrep.StreamTokens;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * OFREP 0.3.0: {@code POST /ofrep/v1/evaluate/flags/{key}} and {@code …/flags}, and the event stream that tells when to ask
 * again. Errors are OFREP's own, since its clients read no others.
 */
final class OfrepApi implements AutoCloseable {
    /** Which environment's flags are asked for; the instance's own where it is not sent. */
    static final String ENVIRONMENT = "X-Ledger-Environment";

    private static final String FLAGS = "/ofrep/v1/evaluate/flags";
    private static final String STREAM = "/ofrep/v1/stream";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int INACTIVITY_SECONDS = 120;
    private static final int RETRY_AFTER_SECONDS = 5;
    private static final Pattern SEQUENCE = Pattern.compile("\"?(\\d{1,18})\"?");

    private final Services services;
    private final StreamTokens tokens;
    private final Cors cors;
    private final RefetchStreams streams = new RefetchStreams();

    private OfrepApi(Services services, StreamTokens tokens, Cors cors) {
        this.services = services;
        this.tokens = tokens;
        this.cors = cors;
        services.metrics().streams("ofrep", streams::open);
    }

    static OfrepApi of(Services services, ServerConfig.Edge edge) {
        String key = edge.streamKey();
        return new OfrepApi(
                services,
                key == null ? StreamTokens.withOwnKey() : StreamTokens.of(key.getBytes(StandardCharsets.UTF_8)),
                new Cors(edge.allowedOrigins()));
    }

    void mount(RoutesConfig routes) {
        routes.before("/ofrep/*", cors::allow);
        routes.options("/ofrep/*", cors::preflight);
        routes.post(FLAGS + "/{key}", context -> answer(context, context.pathParam("key"), this::one));
        routes.post(FLAGS, context -> answer(context, null, this::all));
        routes.get(STREAM, context -> answer(context, null, this::stream));
    }

    private void one(Context context) throws InterruptedException {
        FlagLedger flags = asked(context).flags();
        Subject subject = subject(context);
        Requests.answer(
                context,
                200,
                OfrepAnswers.one(flags.view(), context.pathParam("key"), subject, flags.isStale(), this::count));
    }

    private void all(Context context) throws InterruptedException {
        Asked asked = asked(context);
        FlagLedger flags = asked.flags();
        Subject subject = subject(context);
        awaitTold(context, flags);
        boolean stale = flags.isStale();
        CompiledEnvironment view = flags.view();
        Instant expiry = tokens.expiry(
                Objects.hash(subject.user(), subject.org(), subject.admin()),
                asked.caller().expiresAt());
        String tag = OfrepTag.of(view.state(), subject, stale, tokens.keyName(), expiry);
        context.header("ETag", tag);
        context.header("Cache-Control", "no-cache");
        if (Requests.knows(context, tag)) {
            context.status(304);
            return;
        }
        ObjectNode json = OfrepAnswers.all(view, subject, stale, this::count);
        ObjectNode stream = json.putArray("eventStreams").addObject().put("type", "sse");
        stream.putObject("endpoint")
                .put("requestUri", STREAM + "?token=" + tokens.sign(view.state().environment(), expiry));
        stream.put("inactivityDelaySec", INACTIVITY_SECONDS);
        Requests.answer(context, 200, json);
    }

    /** Whoever was told of a change by one instance, and asks another, is not answered by what was before. */
    private static void awaitTold(Context context, FlagLedger flags) throws InterruptedException {
        String told = context.queryParam("flagConfigEtag");
        Matcher sequence = SEQUENCE.matcher(told == null ? "" : told);
        if (sequence.matches()) {
            boolean unused = flags.awaitSequence(Long.parseLong(sequence.group(1)), Duration.ofSeconds(1));
        }
    }

    private void stream(Context context) throws InterruptedException, IOException {
        Optional<StreamTokens.Grant> grant = tokens.verify(Objects.requireNonNullElse(context.queryParam("token"), ""));
        if (grant.isEmpty()) {
            throw new StreamExpired();
        }
        if (streams.isFull()) {
            context.header("Retry-After", String.valueOf(RETRY_AFTER_SECONDS));
            fail(context, 429, null, "GENERAL", "this instance has as many event streams as it can hold");
            return;
        }
        streams.open(context, grant.get(), find(grant.get().environment()));
    }

    private void count(String environment, Decision decision) {
        services.metrics().decided("ofrep", environment, decision);
    }

    /** Who asks, and for what, if they may. */
    private Asked asked(Context context) throws InterruptedException {
        Caller caller = services.authenticator().authenticate(authorization(context));
        String environment = Objects.requireNonNullElse(context.header(ENVIRONMENT), services.environment());
        if (!Names.isEnvironment(environment)) {
            throw new OfrepException(
                    OfrepException.Code.GENERAL,
                    "the header %s must match %s".formatted(ENVIRONMENT, Names.ENVIRONMENT_FORM));
        }
        if (!caller.may(CallerRole.EVALUATOR, environment)) {
            throw new Forbidden("that takes the role %s in %s, which '%s' has not"
                    .formatted(CallerRole.EVALUATOR.word(), environment, caller.subject()));
        }
        return new Asked(caller, find(environment));
    }

    private FlagLedger find(String environment) throws InterruptedException {
        return services.live()
                .find(environment, PATIENCE)
                .orElseThrow(() -> new OfrepException(
                        OfrepException.Code.GENERAL,
                        "there is no environment '%s'; the first change makes one".formatted(environment)));
    }

    private static Subject subject(Context context) {
        try {
            return OfrepRequest.subject(Requests.text(context));
        } catch (MalformedException e) {
            throw new OfrepException(OfrepException.Code.PARSE_ERROR, String.valueOf(e.getMessage()));
        }
    }

    /** OFREP knows two headers for the same thing. */
    private static @Nullable String authorization(Context context) {
        String authorization = context.header(Callers.AUTHORIZATION);
        String key = context.header("X-API-Key");
        return authorization == null && key != null ? "Bearer " + key : authorization;
    }

    /** Answers, or tells by OFREP's own errors why not. */
    private void answer(Context context, @Nullable String key, Answer answer) throws Exception {
        try {
            answer.to(context);
        } catch (OfrepException e) {
            fail(context, e.code().status(), key, e.code().name(), String.valueOf(e.getMessage()));
        } catch (UnauthenticatedException e) {
            context.header("WWW-Authenticate", Callers.challenge(e));
            fail(context, 401, key, "GENERAL", e.getMessage() + ": send the header 'Authorization: Bearer TOKEN'");
        } catch (StreamExpired e) {
            fail(context, 401, key, "GENERAL", String.valueOf(e.getMessage()));
        } catch (Forbidden e) {
            fail(context, 403, key, "GENERAL", String.valueOf(e.getMessage()));
        } catch (NotReadyException | IssuerSilentException e) {
            context.header("Retry-After", String.valueOf(RETRY_AFTER_SECONDS));
            fail(context, 503, key, "PROVIDER_NOT_READY", String.valueOf(e.getMessage()));
        }
    }

    private static void fail(Context context, int status, @Nullable String key, String code, String details) {
        Requests.answer(context, status, OfrepAnswers.failure(key, code, details));
    }

    @Override
    public void close() {
        streams.close();
    }

    private record Asked(Caller caller, FlagLedger flags) {}

    @FunctionalInterface
    private interface Answer {
        void to(Context context) throws Exception;
    }

    private static final class StreamExpired extends RuntimeException {
        StreamExpired() {
            super("this stream's address has expired, or is another server's: the next bulk answer names a new one");
        }
    }

    private static final class Forbidden extends RuntimeException {
        Forbidden(String message) {
            super(message);
        }
    }
}
