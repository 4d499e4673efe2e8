package io.flagledger.server.ofrep;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.server.ofrep.OfrepException.Code;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Decisions in OFREP's words. */
public final class OfrepAnswers {
    /*
     * A client tells its application which flags have changed by comparing whole entries. So what a flag's entry says must
     * change only with the flag: its own revision stands there, and the position, which moves with every event, stands in
     * the metadata of the set. That answers are stale stands there too: it says nothing of one flag.
     *
     * An allowlist entry is not told: it may name a colleague, and the one who reads may be anybody's browser.
     */
    private OfrepAnswers() {}

    /**
     * One flag's answer.
     *
     * @param told hears of the decision, with the environment's name
     * @throws OfrepException if there is no such flag
     */
    public static ObjectNode one(
            CompiledEnvironment view, String key, Subject subject, boolean stale, BiConsumer<String, Decision> told) {
        FlagState flag = view.state().flags().get(key);
        if (flag == null) {
            throw new OfrepException(
                    Code.FLAG_NOT_FOUND,
                    "there is no flag '%s' in %s".formatted(key, view.state().environment()));
        }
        Decision decision = view.decide(key, subject, stale);
        told.accept(view.state().environment(), decision);
        return success(decision, flag);
    }

    /** The answers of all flags, in the order of their keys, from one cut. */
    public static ObjectNode all(
            CompiledEnvironment view, Subject subject, boolean stale, BiConsumer<String, Decision> told) {
        ObjectNode json = LedgerJson.object();
        ArrayNode flags = json.putArray("flags");
        EnvironmentState state = view.state();
        state.flags().sortedValues().forEach(flag -> {
            Decision decision = view.decide(flag.key(), subject, stale);
            told.accept(state.environment(), decision);
            flags.add(success(decision, flag));
        });
        ObjectNode metadata = json.putObject("metadata");
        metadata.put("environment", state.environment());
        metadata.put("sequence", state.sequence());
        metadata.put("at", LedgerJson.time(state.ledgerTime()));
        metadata.put("stale", stale);
        return json;
    }

    /**
     * What a failure says.
     *
     * @param key null where all flags were asked for
     */
    public static ObjectNode failure(@Nullable String key, String code, String details) {
        ObjectNode json = LedgerJson.object();
        if (key != null) {
            json.put("key", key);
        }
        return json.put("errorCode", code).put("errorDetails", details);
    }

    private static ObjectNode success(Decision decision, FlagState flag) {
        ObjectNode json = LedgerJson.object().put("key", decision.flag());
        if (decision.value() != null) {
            json.set("value", LedgerJson.value(decision.value()));
        }
        json.put("variant", decision.variant());
        json.put("reason", reason(decision, flag));
        ObjectNode metadata = json.putObject("metadata");
        metadata.put("revision", decision.revision());
        metadata.put("reason", decision.reason().name());
        if (decision.parent() != null) {
            metadata.put("parent", decision.parent());
        }
        return json;
    }

    /** OpenFeature's reason; the metadata holds our own. */
    private static String reason(Decision decision, FlagState flag) {
        return switch (decision.reason()) {
            case ARCHIVED, KILLED -> "DISABLED";
            case ADMIN, ALLOWLIST -> "TARGETING_MATCH";
            case PERCENTAGE -> "SPLIT";
            case GENERALLY_AVAILABLE -> flag.variants().on().size() > 1 ? "SPLIT" : "STATIC";
            case PARENT, STAGE, UNKNOWN_FLAG -> "DEFAULT";
        };
    }
}
