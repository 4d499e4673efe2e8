package io.flagledger.server.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.server.auth.Authenticator;
import io.flagledger.server.auth.Caller;
import io.flagledger.server.auth.CallerRole;
import io.flagledger.server.auth.SignIn;
import io.flagledger.server.auth.UnauthenticatedException;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.net.URI;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who makes a request, and whether they may. */
final class Callers {
    static final String AUTHORIZATION = "Authorization";
    static final String SIGN_IN = "/api/v1/sign-in";
    private static final String ATTRIBUTE = Caller.class.getName();
    private static final String REALM = "Bearer realm=\"flag-ledger\"";

    private final Authenticator authenticator;
    private final RateLimit limit;

    Callers(Authenticator authenticator, RateLimit limit) {
        this.authenticator = authenticator;
        this.limit = limit;
    }

    /** Who makes this request; null if that is not known, or not asked. */
    static @Nullable Caller find(Context context) {
        return context.attribute(ATTRIBUTE);
    }

    /** Who makes this request, of those that {@link #authenticate} let through. */
    static Caller of(Context context) {
        Caller caller = find(context);
        if (caller == null) {
            throw new IllegalStateException("nobody was asked who makes " + context.path());
        }
        return caller;
    }

    /** The token's header, to ask other instances for the same caller. */
    static String authorization(Context context) {
        return requireNonNull(context.header(AUTHORIZATION), AUTHORIZATION);
    }

    /** Before anything else is looked at, even whether there is what is asked for. */
    void authenticate(Context context) {
        if (context.path().equals(SIGN_IN)) {
            return;
        }
        try {
            Caller caller = authenticator.authenticate(context.header(AUTHORIZATION));
            limit.count(caller.subject());
            context.attribute(ATTRIBUTE, caller);
        } catch (UnauthenticatedException e) {
            limit.count("@" + context.req().getRemoteAddr());
            context.header("WWW-Authenticate", challenge(e));
            throw Problem.of(
                            401,
                            "unauthenticated",
                            "Who are you?",
                            "%s: send the header 'Authorization: Bearer TOKEN'; GET %s says how to get one"
                                    .formatted(e.getMessage(), SIGN_IN))
                    .asException();
        }
    }

    /** What the header {@code WWW-Authenticate} says to somebody who is not believed. */
    static String challenge(UnauthenticatedException e) {
        return e.wasSent() ? REALM + ", error=\"invalid_token\"" : REALM;
    }

    /** Lets those through who have a role in the environment that the path names, or in any where it names none. */
    static Handler needs(CallerRole role, Handler handler) {
        return context -> {
            if (context.pathParamMap().containsKey("environment")) {
                require(context, role, Requests.environment(context));
            } else if (!of(context).mayAnywhere(role)) {
                throw forbidden(context, role, null).asException();
            }
            handler.handle(context);
        };
    }

    /** Refuses who has not a role. The answer is the same whether or not there is such an environment. */
    static void require(Context context, CallerRole role, String environment) {
        if (!of(context).may(role, environment)) {
            throw forbidden(context, role, environment).asException();
        }
    }

    private static Problem forbidden(Context context, CallerRole role, @Nullable String environment) {
        context.header("WWW-Authenticate", REALM + ", error=\"insufficient_scope\"");
        Caller caller = of(context);
        String has = caller.roles().isEmpty()
                ? "no role at all"
                : caller.roles().entrySet().stream()
                        .map(granted -> granted.getValue().word() + "@" + granted.getKey())
                        .collect(Collectors.joining(", "));
        return Problem.of(
                403,
                "forbidden",
                "You may not do that",
                "that takes the role %s%s, and '%s' has %s"
                        .formatted(
                                role.word(),
                                environment == null ? " in some environment" : " in " + environment,
                                caller.subject(),
                                has));
    }

    void me(Context context) {
        Requests.takesOnly(context);
        Caller caller = of(context);
        ObjectNode json = LedgerJson.object()
                .put("subject", caller.subject())
                .put("kind", caller.kind().name());
        ObjectNode environments = json.putObject("environments");
        caller.roles().forEach((environment, granted) -> {
            ArrayNode roles = environments.putArray(environment);
            Stream.of(CallerRole.values()).filter(granted::includes).forEach(role -> roles.add(role.word()));
        });
        json.put("expiresAt", LedgerJson.time(caller.expiresAt()));
        Requests.answer(context, 200, json);
    }

    void signIn(Context context) {
        Requests.takesOnly(context);
        SignIn how = authenticator.signIn();
        ObjectNode json = LedgerJson.object().put("mode", how.issuer() == null ? "local" : "oidc");
        put(json, "issuer", how.issuer());
        put(json, "authorizationEndpoint", how.authorizationEndpoint());
        put(json, "tokenEndpoint", how.tokenEndpoint());
        put(json, "clientId", how.clientId());
        put(json, "scope", how.scope());
        Requests.answer(context, 200, json);
    }

    private static void put(ObjectNode json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value instanceof URI uri ? uri.toString() : String.valueOf(value));
        }
    }
}
