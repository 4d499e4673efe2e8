package io.flagledger.server.flagd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.json.LedgerJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An environment's flags as flagd's own JSON, whose targeting gives the same answers as this ledger's evaluator. A pure
 * function of the state. It names no position: a provider takes what stands for the whole set for a part of each flag, and
 * would tell that all flags have changed.
 */
public final class FlagdExport {
    /*
     * flagd knows no parents, so a flag's targeting holds the rules of all flags above it, each once. Rules that several
     * flags hold are written once, under $evaluators, and referred to. A provider puts them in by replacing text before it
     * parses, and not in one way:
     *  - some look for the name with a regular expression, so no name holds a dot;
     *  - some read $ in what they put in as a reference to a group, so a rule with a $ in it is written out wherever it
     *    stands;
     *  - none puts one rule into another in an order to rely on, so no rule refers to another;
     *  - and they would look into values as well, so there are no references at all while some value could be taken for one.
     */
    private static final String NAMESPACE = "access/";

    private final EnvironmentState state;
    private final Map<String, Access> own = new LinkedHashMap<>();
    private final Map<String, Access> shared = new LinkedHashMap<>();

    private FlagdExport(EnvironmentState state) {
        this.state = state;
    }

    /** The flags as one JSON document, the same for the same state. */
    public static ObjectNode of(EnvironmentState state) {
        return new FlagdExport(state).export();
    }

    private ObjectNode export() {
        state.flags().sortedValues().forEach(flag -> own.put(flag.key(), Access.of(flag)));
        ObjectNode json = LedgerJson.object();
        json.put("$schema", "https://flagd.dev/schema/v0/flags.json");
        ObjectNode evaluators = LedgerJson.object();
        for (String key : parents()) {
            Access rule = own(key);
            if (rule.isWorthSharing()) {
                String name = NAMESPACE + key.replace('.', '/');
                evaluators.set(name, rule.logic());
                shared.put(key, Access.when(LedgerJson.object().put("$ref", name)));
            }
        }
        ObjectNode flags = json.putObject("flags");
        state.flags().sortedValues().forEach(flag -> flags.set(flag.key(), flag(flag)));
        if (!evaluators.isEmpty()) {
            json.set("$evaluators", evaluators);
        }
        // The scope is what a provider would else make of its selector, in which a token may stand.
        json.putObject("metadata").put("flagSetId", state.environment()).put("scope", state.environment());
        return json;
    }

    /** The flags that others need; none where a value could be taken for a reference. */
    private Set<String> parents() {
        Set<String> parents = new TreeSet<>();
        for (FlagState flag : state.flags().sortedValues()) {
            if (flag.variants().values().values().stream().anyMatch(FlagdExport::mentionsReference)) {
                return Set.of();
            }
            flag.parents().stream().map(Parent::flag).forEach(parents::add);
        }
        return parents;
    }

    private static boolean mentionsReference(FlagValue value) {
        return value instanceof FlagValue.ObjectValue object && object.json().contains("\"$ref\"");
    }

    private ObjectNode flag(FlagState flag) {
        ObjectNode json = LedgerJson.object().put("state", "ENABLED");
        ObjectNode variants = json.putObject("variants");
        flag.variants().values().forEach((name, value) -> variants.set(name, LedgerJson.value(value)));
        Map<String, FlagState> judged = new LinkedHashMap<>();
        Access granted = granted(flag, judged);
        VariantDraw variant = VariantDraw.of(flag);
        if (granted.isNever()) {
            json.put("defaultVariant", flag.variants().off());
        } else if (granted.isAlways() && variant.isCertain()) {
            json.put("defaultVariant", variant.certain());
        } else {
            json.put("defaultVariant", flag.variants().off());
            json.set("targeting", Logic.op("if", granted.logic(), variant.logic()));
        }
        json.set("metadata", metadata(flag, Warnings.of(flag, judged.values())));
        return json;
    }

    /**
     * What whoever has admitted somebody must know beside the rules: see docs/admissions.md. It is the flag's alone, as it
     * changes with the flag only.
     */
    private static ObjectNode metadata(FlagState flag, @Nullable String warning) {
        ObjectNode json = LedgerJson.object()
                .put("revision", flag.lastChange().revision())
                .put("sequence", flag.lastChange().sequence());
        if (flag.killSwitch() != KillSwitch.RELEASED) {
            json.put("killSwitch", flag.killSwitch().name());
        }
        if (flag.archived()) {
            json.put("archived", true);
        }
        if (warning != null) {
            json.put("warning", warning);
        }
        return json;
    }

    /** Who is let in, by the flag and by all above it, which are gathered. */
    private Access granted(FlagState flag, Map<String, FlagState> judged) {
        if (flag.archived()) {
            return Access.NEVER;
        }
        List<Access> all = new ArrayList<>();
        Set<Parent> met = new HashSet<>();
        for (Parent parent : flag.parents()) {
            require(parent, met, judged, all);
        }
        judged.put(flag.key(), flag);
        all.add(rule(flag.key()));
        return Access.and(all);
    }

    private void require(Parent parent, Set<Parent> met, Map<String, FlagState> judged, List<Access> all) {
        if (!met.add(parent)) {
            return;
        }
        FlagState flag = parent(parent.flag());
        for (Parent higher : flag.parents()) {
            require(higher, met, judged, all);
        }
        judged.put(flag.key(), flag);
        all.add(rule(flag.key()));
        if (!parent.variants().isEmpty()) {
            all.add(VariantDraw.of(flag).isOneOf(parent.variants()));
        }
    }

    private FlagState parent(String key) {
        @Nullable FlagState flag = state.flags().get(key);
        if (flag == null) {
            throw new IllegalStateException(
                    "the fold lets no flag have a parent that does not exist, but here is " + key);
        }
        return flag;
    }

    private Access rule(String key) {
        Access reference = shared.get(key);
        return reference == null ? own(key) : reference;
    }

    private Access own(String key) {
        Access rule = own.get(key);
        if (rule == null) {
            throw new IllegalStateException("there is no flag " + key);
        }
        return rule;
    }
}
