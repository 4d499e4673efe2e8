package io.flagledger.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.command.Command;
import io.flagledger.core.command.Decider;
import io.flagledger.core.command.Refusal;
import io.flagledger.core.command.Verdict;
import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.json.Fields;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.sdk.FlagLedger;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code POST …/preview}: what changes would do, and to whom, decided as the writer would and not done. */
final class PreviewApi {
    private static final int MAX_CONTEXTS = 1_000;
    private static final String ANY = "preview";

    private final Services services;
    private final Routing routing;

    PreviewApi(Services services, Routing routing) {
        this.services = services;
        this.routing = routing;
    }

    /** Somebody of whom it is asked what the changes mean to her, and how the request wrote that. */
    private record Asked(JsonNode context, Subject subject) {}

    void preview(Context context) throws Exception {
        Requests.takesOnly(context, "after");
        String environment = Requests.environment(context);
        Fields body = Requests.body(context);
        List<Change> changes = body.list("changes", LedgerJson::readChange);
        List<Asked> asked =
                body.list("contexts", (node, pointer) -> new Asked(node, LedgerJson.readSubject(node, pointer)));
        String reason = body.textOr("reason", ANY);
        Long expectedRevision = body.optionalWhole("expectedRevision");
        body.end();
        if (asked.size() > MAX_CONTEXTS) {
            throw Problem.malformed(
                            "/contexts: there may be %d of them but there are %d".formatted(MAX_CONTEXTS, asked.size()))
                    .asException();
        }
        Command command =
                new Command(ANY, Instant.EPOCH, Callers.of(context).actor(), reason, changes, expectedRevision);
        if (changes.stream().anyMatch(Change.FlagRestored.class::isInstance)) {
            routing.past(context, past -> {
                EnvironmentState state = past.now();
                Command complete = command.restoring((flag, revision) -> definition(past, flag, revision));
                Requests.answer(context, past, state.sequence(), told(state, complete, asked));
            });
            return;
        }
        EnvironmentState state = now(environment, Requests.whole(context, "after", 0));
        context.header(Requests.SEQUENCE, String.valueOf(state.sequence()));
        Requests.answer(context, 200, told(state, command, asked));
    }

    /** An environment that has no ledger yet is an empty one here, as it is to the writer. */
    private EnvironmentState now(String environment, long atLeast) throws InterruptedException {
        Optional<FlagLedger> flags = services.find(environment, atLeast);
        return flags.isPresent() ? flags.get().state() : EnvironmentState.empty(environment);
    }

    private static @Nullable Definition definition(Past past, String flag, long wanted) {
        return past.travel().history(flag).stream()
                .filter(revision -> revision.recorded().event().revision() == wanted)
                .findFirst()
                .map(revision -> revision.after().definition())
                .orElse(null);
    }

    private static ObjectNode told(EnvironmentState before, Command command, Collection<Asked> asked) {
        ObjectNode json =
                LedgerJson.object().put("environment", before.environment()).put("sequence", before.sequence());
        Verdict verdict = Decider.decide(before, command);
        ArrayNode flags = LedgerJson.array(List.of());
        ArrayNode decisions = LedgerJson.array(List.of());
        if (verdict instanceof Verdict.Refused refused) {
            Refusal refusal = refused.refusal();
            json.putObject("refusal").put("refusal", refusal.kind().name()).put("detail", refusal.message());
        } else {
            EnvironmentState after = before;
            Set<String> changed = new LinkedHashSet<>();
            for (Event event : ((Verdict.Accepted) verdict).events()) {
                after = Fold.apply(after, new Recorded(event, after.digest(), after.digest(), after.ledgerTime()));
                changed.add(event.flag());
            }
            for (String key : changed) {
                flags.add(flag(key, before, after));
            }
            decide(before, after, changed, asked, decisions);
        }
        json.set("flags", flags);
        json.set("decisions", decisions);
        return json;
    }

    private static ObjectNode flag(String key, EnvironmentState before, EnvironmentState after) {
        ObjectNode json = LedgerJson.object().put("flag", key);
        FlagState was = before.flags().get(key);
        json.set("before", was == null ? null : LedgerJson.flag(before.environment(), was));
        json.set(
                "after",
                LedgerJson.flag(
                        after.environment(),
                        Objects.requireNonNull(after.flags().get(key), key)));
        return json;
    }

    /** For each who is asked about: the flags that change, and those below them that answer differently then. */
    private static void decide(
            EnvironmentState before,
            EnvironmentState after,
            Set<String> changed,
            Collection<Asked> asked,
            ArrayNode decisions) {
        if (asked.isEmpty()) {
            return;
        }
        CompiledEnvironment was = CompiledEnvironment.of(before);
        CompiledEnvironment is = CompiledEnvironment.of(after);
        Set<String> touched = new LinkedHashSet<>(changed);
        for (String key : after.flags().sortedKeys()) {
            if (after.withAncestors(List.of(key)).stream().anyMatch(changed::contains)) {
                touched.add(key);
            }
        }
        for (Asked one : asked) {
            for (String key : touched) {
                @Nullable Decision then = was.flag(key) == null ? null : was.decide(key, one.subject(), false);
                Decision next = is.decide(key, one.subject(), false);
                if (changed.contains(key) || then == null || !isSame(then, next)) {
                    ObjectNode json = decisions.addObject();
                    json.set("context", one.context());
                    json.put("flag", key);
                    json.set("before", then == null ? null : LedgerJson.decision(then));
                    json.set("after", LedgerJson.decision(next));
                }
            }
        }
    }

    private static boolean isSame(Decision one, Decision other) {
        return one.granted() == other.granted() && Objects.equals(one.variant(), other.variant());
    }
}
