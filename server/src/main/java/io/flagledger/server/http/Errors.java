package io.flagledger.server.http;

import io.flagledger.core.json.MalformedException;
import io.flagledger.core.kafka.KafkaUnavailableException;
import io.flagledger.core.kafka.StoppedException;
import io.flagledger.core.travel.NoSuchPositionException;
import io.flagledger.projector.HistoryUnavailableException;
import io.flagledger.sdk.NotReadyException;
import io.flagledger.server.auth.IssuerSilentException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells whatever went wrong as a problem. */
final class Errors {
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.http");

    private Errors() {}

    static void add(RoutesConfig routes) {
        routes.exception(ProblemException.class, (e, context) -> e.problem().answer(context));
        routes.exception(
                MalformedException.class,
                (e, context) -> Problem.malformed(message(e)).answer(context));
        unavailable(routes, KafkaUnavailableException.class);
        unavailable(routes, HistoryUnavailableException.class);
        unavailable(routes, IssuerSilentException.class);
        unavailable(routes, NotReadyException.class);
        routes.exception(
                NoSuchPositionException.class,
                (e, context) -> Problem.of(404, "no-such-position", "The ledger has not come so far", message(e))
                        .answer(context));
        routes.exception(
                StoppedException.class,
                (e, context) -> Problem.of(500, "stopped", "The ledger can't be read to its end", message(e))
                        .answer(context));
        routes.exception(
                EofException.class,
                (e, context) -> Problem.of(
                                400,
                                "incomplete",
                                "The request ends too early",
                                "the connection was closed within the body")
                        .answer(context));
        routes.exception(HttpResponseException.class, Errors::refuse);
        routes.exception(Exception.class, (e, context) -> {
            String id = Traffic.id();
            log.error("request {} {} failed ({})", context.method(), context.path(), id, e);
            Problem.of(500, "internal", "Something went wrong here", "the server's log tells more under " + id)
                    .answer(context);
        });
    }

    private static <E extends Exception> void unavailable(RoutesConfig routes, Class<E> type) {
        routes.exception(type, (e, context) -> Problem.unavailable(message(e)).answer(context));
    }

    private static void refuse(HttpResponseException e, Context context) {
        String asked = context.method() + " " + context.path();
        switch (e.getStatus()) {
            case 404 ->
                Problem.notFound("there is nothing to be had by " + asked).answer(context);
            case 405 ->
                Problem.of(405, "method-not-allowed", "Not by this method", asked + " is not served; other methods are")
                        .answer(context);
            default ->
                Problem.of(e.getStatus(), "http-" + e.getStatus(), "The request can't be served", message(e))
                        .answer(context);
        }
    }

    private static String message(Exception e) {
        return String.valueOf(e.getMessage());
    }
}
