package io.flagledger.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.event.Digest;
import io.flagledger.core.event.Names;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.json.Fields;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.json.MalformedException;
import io.flagledger.core.travel.Cut;
import io.flagledger.core.travel.CutText;
import io.flagledger.core.travel.MalformedCutException;
import io.javalin.http.Context;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads what requests say, and answers them. */
final class Requests {
    /** Which instance answers. */
    static final String INSTANCE = "Ledger-Instance";

    /** The last event that the answer takes into account. */
    static final String SEQUENCE = "Ledger-Sequence";

    /** That somebody else may know more. */
    static final String STALE = "Ledger-Stale";

    private static final int TAG_LENGTH = 24;

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

    /** Refuses a query with other parameters: one that is misspelt would be left out of account, and the answer be another's. */
    static void takesOnly(Context context, String... names) {
        Set<String> known = new TreeSet<>(Arrays.asList(names));
        for (String name : context.queryParamMap().keySet()) {
            if (!known.contains(name)) {
                throw Problem.malformed("the query has no parameter '%s' here, %s"
                                .formatted(
                                        name, known.isEmpty() ? "nor any other" : "only " + String.join(", ", known)))
                        .asException();
            }
        }
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

    static boolean truth(Context context, String name) {
        return oneOf(context, name, List.of("false", "true")).equals("true");
    }

    /** One of some words in the query; the first of them if it is absent. */
    static String oneOf(Context context, String name, List<String> words) {
        String text = context.queryParam(name);
        if (text == null) {
            return words.get(0);
        }
        if (!words.contains(text)) {
            throw Problem.malformed(
                            "the query's %s must be %s but is '%s'".formatted(name, String.join(" or ", words), text))
                    .asException();
        }
        return text;
    }

    /** A T in the query; null if it is absent. */
    static @Nullable Cut cut(Context context, String name) {
        String text = context.queryParam(name);
        return text == null ? null : cut("the query's " + name, text);
    }

    /** A T that must be in the query. */
    static Cut requiredCut(Context context, String name) {
        Cut cut = cut(context, name);
        if (cut == null) {
            throw Problem.malformed("the query's %s is missing: it is %s".formatted(name, CutText.FORMS))
                    .asException();
        }
        return cut;
    }

    static Cut cut(String place, String text) {
        // The + of an offset that was not escaped has become a space.
        String meant = text.replaceFirst("(T\\S+) (\\d{2}:?\\d{2})$", "$1+$2");
        try {
            return new CutText(Instant.now(), ZoneOffset.UTC).read(meant);
        } catch (MalformedCutException e) {
            throw Problem.malformed("%s: %s".formatted(place, e.getMessage())).asException();
        }
    }

    /** The day in UTC of a T in the query, which must be no sequence. */
    static LocalDate day(Context context, String name, LocalDate otherwise) {
        Cut cut = cut(context, name);
        if (cut instanceof Cut.AtTime at) {
            return LocalDate.ofInstant(at.time(), ZoneOffset.UTC);
        }
        if (cut instanceof Cut.AtSequence) {
            throw Problem.malformed(
                            "the query's %s must be a day (2026-01-31) or a span back from now (30d) but is '%s'"
                                    .formatted(name, context.queryParam(name)))
                    .asException();
        }
        return otherwise;
    }

    /** The body, which must be a JSON object that says it is one: a page of another site can't send that unasked. */
    static Fields body(Context context) {
        String type = context.header("Content-Type");
        if (type == null || !type.startsWith("application/json")) {
            throw Problem.of(
                            415,
                            "unsupported-media-type",
                            "The body must be JSON",
                            "send the header Content-Type: application/json")
                    .asException();
        }
        return new Fields(LedgerJson.parse(text(context)), "");
    }

    /** The body as text, which JSON has in UTF-8 whatever its type says of that. */
    static String text(Context context) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(context.bodyAsBytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("", "the body is not UTF-8, which JSON is written in");
        }
    }

    static void answer(Context context, int status, JsonNode json) {
        context.status(status).result(LedgerJson.print(json)).contentType("application/json");
    }

    /** Answers with JSON that was made of a past as it was at a sequence. */
    static void answer(Context context, Past past, long sequence, ObjectNode json) {
        past.stopped().ifPresent(why -> json.put("stopped", why));
        if (past.stale()) {
            json.put("stale", true);
        }
        tellPosition(context, past, sequence);
        answer(context, 200, json);
    }

    static void tellPosition(Context context, Past past, long sequence) {
        context.header(SEQUENCE, String.valueOf(sequence));
        if (past.stale()) {
            context.header(STALE, "true");
        }
    }

    static ProblemException neverThere(Past past, String flag, long sequence) {
        return Problem.notFound("there never was a flag '%s' in %s, up to sequence %d"
                        .formatted(flag, past.environment(), sequence))
                .asException();
    }

    /** Answers with JSON that follows from a state, or tells that the client has it already. */
    static void answerOnce(Context context, EnvironmentState state, Supplier<ObjectNode> json) {
        String tag = tag(state.digest());
        context.header(SEQUENCE, String.valueOf(state.sequence()));
        context.header("ETag", tag);
        context.header("Cache-Control", "no-cache");
        if (knows(context, tag)) {
            context.status(304);
            return;
        }
        answer(context, 200, json.get());
    }

    /** Whether the client says that it has the answer with this tag. */
    static boolean knows(Context context, String tag) {
        String known = context.header("If-None-Match");
        return known != null
                && Arrays.asList(known.split("\\s*,\\s*(W/)?|^W/", -1)).contains(tag);
    }

    /** An event's digest stands for all that happened before it. */
    private static String tag(Digest digest) {
        return '"' + digest.toString().substring(0, TAG_LENGTH) + '"';
    }
}
