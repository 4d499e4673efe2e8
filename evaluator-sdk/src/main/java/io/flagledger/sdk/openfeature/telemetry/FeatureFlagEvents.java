package io.flagledger.sdk.openfeature.telemetry;

import static java.util.Objects.requireNonNull;

import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.Hook;
import dev.openfeature.sdk.HookContext;
import dev.openfeature.sdk.Telemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import java.util.Locale;
import java.util.Map;

/**
 * An OpenFeature hook that emits an event {@code feature_flag.evaluation} for each evaluation, as OpenTelemetry's semantic
 * convention of 2026 has it: key, provider, variant, reason, who was asked about, the flag set (the environment) and
 * version (the revision), or the error. Values are left out, for they may be anything. The event belongs to the span of
 * the thread that asked. Safe for use by many threads.
 *
 * <p>{@code feature_flag.context.id} is the targeting key, mostly a user's id: leave it out where that may not go to where
 * telemetry goes.
 */
public final class FeatureFlagEvents implements Hook<Object> {
    private static final String ERROR_MESSAGE = "feature_flag.error.message";
    private static final String REVISION = "revision";

    private final Logger logger;
    private final String environment;
    private final boolean tellsWho;

    /**
     * @param environment the one that the provider follows
     * @param tellsWho whether events carry {@code feature_flag.context.id}
     */
    public FeatureFlagEvents(OpenTelemetry telemetry, String environment, boolean tellsWho) {
        this.logger = telemetry.getLogsBridge().get("io.flagledger.sdk");
        this.environment = requireNonNull(environment, "environment");
        this.tellsWho = tellsWho;
    }

    @Override
    public void finallyAfter(
            HookContext<Object> context, FlagEvaluationDetails<Object> details, Map<String, Object> hints) {
        LogRecordBuilder event = logger.logRecordBuilder()
                .setEventName(Telemetry.FLAG_EVALUATION_EVENT_NAME)
                .setSeverity(details.getErrorCode() == null ? Severity.INFO : Severity.WARN)
                .setAttribute(Telemetry.TELEMETRY_FLAG_SET_ID, environment);
        Telemetry.createEvaluationEvent(context, details).getAttributes().forEach((name, value) -> {
            switch (name) {
                case Telemetry.TELEMETRY_VALUE -> {}
                case Telemetry.TELEMETRY_CONTEXT_ID -> {
                    if (tellsWho && value != null) {
                        event.setAttribute(name, value.toString());
                    }
                }
                // the SDK still calls it by its former name
                case Telemetry.TELEMETRY_ERROR_MSG -> event.setAttribute(ERROR_MESSAGE, String.valueOf(value));
                case Telemetry.TELEMETRY_ERROR_CODE -> event.setAttribute(name, word(value));
                default -> event.setAttribute(name, String.valueOf(value));
            }
        });
        Long revision = details.getFlagMetadata().getLong(REVISION);
        if (revision != null) {
            event.setAttribute(Telemetry.TELEMETRY_VERSION, revision.toString());
        }
        event.emit();
    }

    private static String word(Object code) {
        return (code instanceof ErrorCode known ? known.name() : String.valueOf(code)).toLowerCase(Locale.ROOT);
    }
}
