package io.flagledger.server.ofrep;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.json.MalformedException;
import io.flagledger.server.ofrep.OfrepException.Code;
import org.jspecify.annotations.Nullable;

/**
 * Who an OFREP request asks for: in its context, {@code targetingKey} is the user, and {@code orgId} and {@code admin} are
 * attributes. Others are left aside, since an application's context is for more than these flags.
 */
public final class OfrepRequest {
    private OfrepRequest() {}

    /**
     * Reads a body {@code {context?: {targetingKey?, orgId?, admin?, …}}}.
     *
     * @throws OfrepException if it is none; nobody is taken for somebody else by a slip
     */
    public static Subject subject(String body) {
        JsonNode context = context(body);
        return context == null
                ? Subject.anonymous()
                : new Subject(text(context, "targetingKey"), text(context, "orgId"), truth(context, "admin"));
    }

    private static @Nullable JsonNode context(String body) {
        JsonNode document;
        try {
            document = LedgerJson.parse(body);
        } catch (MalformedException e) {
            throw new OfrepException(Code.PARSE_ERROR, String.valueOf(e.getMessage()));
        }
        if (!document.isObject()) {
            throw new OfrepException(Code.PARSE_ERROR, "the body must be an object {\"context\": {…}}");
        }
        JsonNode context = attribute(document, "context");
        if (context != null && !context.isObject()) {
            throw new OfrepException(Code.PARSE_ERROR, "the body's context must be an object");
        }
        return context;
    }

    private static @Nullable String text(JsonNode context, String name) {
        JsonNode value = attribute(context, name);
        if (value != null && !value.isTextual()) {
            throw new OfrepException(Code.INVALID_CONTEXT, "the context's %s must be a string".formatted(name));
        }
        return value == null ? null : value.textValue();
    }

    private static boolean truth(JsonNode context, String name) {
        JsonNode value = attribute(context, name);
        if (value != null && !value.isBoolean()) {
            throw new OfrepException(Code.INVALID_CONTEXT, "the context's %s must be true or false".formatted(name));
        }
        return value != null && value.booleanValue();
    }

    private static @Nullable JsonNode attribute(JsonNode object, String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }
}
