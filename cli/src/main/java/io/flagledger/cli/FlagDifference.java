package io.flagledger.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.json.LedgerJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is different about a flag.
 *
 * @param before null where it was not there
 */
record FlagDifference(@Nullable FlagState before, FlagState after) {
    private static final Set<String> WHO_AND_WHEN = Set.of("revision", "sequence", "changedAt", "changedBy", "reason");
    private static final String NOTHING = "none";

    /** By field, as people read it. */
    Map<String, String> lines() {
        Map<String, String> was = before == null ? Map.of() : words(before);
        Map<String, String> lines = new LinkedHashMap<>();
        words(after).forEach((name, is) -> {
            String old = was.getOrDefault(name, "");
            if (before == null && !is.isEmpty()) {
                lines.put(name, is);
            } else if (before != null && !old.equals(is)) {
                lines.put(name, (old.isEmpty() ? NOTHING : old) + " → " + (is.isEmpty() ? NOTHING : is));
            }
        });
        String list = list(before == null ? Allowlist.EMPTY : before.allowlist(), after.allowlist());
        if (!list.isEmpty()) {
            lines.put("allowlist", list);
        }
        return lines;
    }

    /** By field, as the flag's JSON has it. */
    ArrayNode json(String environment) {
        ObjectNode was = before == null ? LedgerJson.object() : LedgerJson.flag(environment, before);
        ArrayNode changes = LedgerJson.array(List.of());
        LedgerJson.flag(environment, after).properties().forEach(field -> {
            JsonNode old = was.get(field.getKey());
            if (!WHO_AND_WHEN.contains(field.getKey()) && !field.getValue().equals(old)) {
                ObjectNode change = changes.addObject().put("field", field.getKey());
                if (old != null) {
                    change.set("before", old);
                }
                change.set("after", field.getValue());
            }
        });
        return changes;
    }

    private static Map<String, String> words(FlagState flag) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("archived", flag.archived() ? "yes" : "");
        words.put("stage", Words.stage(flag.stage(), flag.percentage()));
        words.put("kill switch", flag.killSwitch().name());
        words.put("type", flag.type().name());
        words.put("variants", Words.variants(flag.variants()));
        words.put("with access", Words.on(flag.variants()));
        words.put("without", flag.variants().off());
        words.put("parents", Words.parents(flag.parents()));
        words.put(
                "draws",
                "by %s, seed \"%s\""
                        .formatted(
                                Choices.word(flag.bucketing().by()),
                                flag.bucketing().seed()));
        words.put("title", flag.details().title());
        words.put("description", flag.details().description());
        words.put("owner", flag.details().owner());
        words.put("tags", String.join(", ", flag.details().tags()));
        words.put("ticket", flag.details().ticket());
        return words;
    }

    /** Who comes and who goes. */
    private static String list(Allowlist was, Allowlist is) {
        String gone = Words.entries(without(was, is), "−");
        String come = Words.entries(without(is, was), "+");
        return gone.isEmpty() || come.isEmpty() ? gone + come : gone + ", " + come;
    }

    private static Allowlist without(Allowlist list, Allowlist others) {
        List<UserEntry> users = list.users().values().stream()
                .filter(user -> !user.equals(others.users().get(user.id())))
                .toList();
        Set<String> orgs = new TreeSet<>(list.orgs());
        orgs.removeAll(others.orgs());
        return Allowlist.of(users, orgs);
    }
}
