package io.flagledger.sdk.openfeature;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.ImmutableMetadata;
import dev.openfeature.sdk.Value;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Reason;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.FlagValue;
import io.flagledger.sdk.FlagLedger;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Asks as an OpenFeature user does, and puts the answers back into our words. */
final class Clients {
    private static final JsonMapper JSON = new JsonMapper();

    private Clients() {}

    static EvaluationContext context(Subject subject) {
        Map<String, Value> attributes = new HashMap<>();
        attributes.put("admin", new Value(subject.admin()));
        if (subject.org() != null) {
            attributes.put("orgId", new Value(subject.org()));
        }
        return subject.user() == null
                ? new ImmutableContext(attributes)
                : new ImmutableContext(subject.user(), attributes);
    }

    /**
     * The whole decision, but when it was made, out of what a client tells.
     *
     * @param flags that the client asks
     */
    static Decision decide(FlagLedger flags, Client client, String flag, Subject subject) {
        EvaluationContext context = context(subject);
        FlagEvaluationDetails<?> details = client.getBooleanDetails(flag, false, context);
        if (isOfOtherType(details)) {
            details = client.getStringDetails(flag, "none", context);
        }
        if (isOfOtherType(details)) {
            details = client.getLongDetails(flag, 0L, context);
        }
        if (isOfOtherType(details)) {
            details = client.getDoubleDetails(flag, 0.0, context);
        }
        if (isOfOtherType(details)) {
            details = client.getObjectDetails(flag, new Value(), context);
        }
        assertThat(details.getErrorCode()).isIn(null, ErrorCode.FLAG_NOT_FOUND);
        ImmutableMetadata told = details.getFlagMetadata();
        Reason reason = Reason.valueOf(told.getString("reason"));
        return new Decision(
                flag,
                reason.granted(),
                reason,
                details.getVariant(),
                details.getErrorCode() == null ? value(flags, details) : null,
                told.getString("parent"),
                reason == Reason.ALLOWLIST
                        ? new Decision.Entry(told.getString("entry.user"), told.getString("entry.org"))
                        : null,
                told.getInteger("bucket"),
                told.getLong("revision"),
                told.getLong("sequence"),
                Instant.EPOCH,
                told.getBoolean("stale"));
    }

    private static boolean isOfOtherType(FlagEvaluationDetails<?> details) {
        return details.getErrorCode() == ErrorCode.TYPE_MISMATCH;
    }

    private static FlagValue value(FlagLedger flags, FlagEvaluationDetails<?> details) {
        Object value = details.getValue();
        if (value instanceof Boolean truth) {
            return new FlagValue.BooleanValue(truth);
        }
        if (value instanceof String text) {
            return new FlagValue.StringValue(text);
        }
        if (value instanceof Long whole) {
            return new FlagValue.IntegerValue(whole);
        }
        if (value instanceof Double number) {
            return new FlagValue.DoubleValue(number);
        }
        return object(flags, details, (Value) value);
    }

    /** The object as it was declared, since a structure keeps neither the order of fields nor how a number was written. */
    private static FlagValue object(FlagLedger flags, FlagEvaluationDetails<?> details, Value value) {
        FlagValue declared = requireNonNull(requireNonNull(flags.state().flags().get(details.getFlagKey()))
                .variants()
                .values()
                .get(details.getVariant()));
        assertThat(value.asStructure().asObjectMap()).isEqualTo(read((String) declared.raw()));
        return declared;
    }

    private static Map<?, ?> read(String json) {
        try {
            return JSON.readValue(json, Map.class);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
