package io.flagledger.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.event.Names;
import io.flagledger.core.json.Fields;
import io.flagledger.core.json.LedgerJson;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Reads what requests say, and answers them. */
final class Requests {
    private Requests() {}

    static String environment(Context context) {
        String name = context.pathParam("environment");
        if (!Names.isEnvironment(name)) {
            throw Problem.malformed("an environment can't be called '%s': its name must match %s"
                            .formatted(name, Names.ENVIRONMENT_FORM))
                    .asException();
        }
        return name;
    }

    /** A whole number from 0 in the query; another one if it is absent. */
    static long whole(Context context, String name, long otherwise) {
        String text = context.queryParam(name);
        if (text == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, like a number below 0
        }
        throw Problem.malformed("the query's %s must be a whole number from 0 but is '%s'".formatted(name, text))
                .asException();
    }

    /** A time in the query; null if it is absent. */
    static @Nullable Instant time(Context context, String name) {
        String text = context.queryParam(name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw Problem.malformed("the query's %s must be a time such as 2026-11-22T09:30:00Z but is '%s'"
                            .formatted(name, text))
                    .asException();
        }
    }

    /** The body, which must be a JSON object that says it is one: a page of another site can't send that unasked. */
    static Fields body(Context context) {
        String type = context.contentType();
        if (type == null || !type.startsWith("application/json")) {
            throw Problem.of(
                            415,
                            "unsupported-media-type",
                            "The body must be JSON",
                            "send the header Content-Type: application/json")
                    .asException();
        }
        return new Fields(LedgerJson.parse(context.body()), "");
    }

    static void answer(Context context, int status, JsonNode json) {
        context.status(status).result(LedgerJson.print(json)).contentType("application/json");
    }
}
