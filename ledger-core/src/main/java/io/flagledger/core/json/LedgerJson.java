package io.flagledger.core.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.event.Variants;
import io.flagledger.core.fold.FlagState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The one place that knows how flags, events, changes and decisions look as JSON. What is written here can be read back
 * here. Any number of threads may use it.
 */
public final class LedgerJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(64).build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private LedgerJson() {}

    /**
     * Reads one JSON document, of which nothing is a duplicate or left over.
     *
     * @throws MalformedException if it is none, saying in which line and column where the parser knows
     */
    public static JsonNode parse(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node == null || node.isMissingNode()) {
                throw new MalformedException("", "a JSON object is expected but there is nothing");
            }
            return node;
        } catch (NumberFormatException e) { // not one of the parser's own exceptions
            throw new MalformedException(
                    "", "this is no JSON that can be read: a number in it has an exponent beyond all bounds");
        } catch (JsonProcessingException e) {
            throw new MalformedException(
                    "", "this is no JSON: " + Fields.shortened(plain(e.getOriginalMessage())) + place(e.getLocation()));
        }
    }

    // The parser adds where in its own source a construct began, which says nothing to whoever wrote the document.
    private static String plain(String message) {
        int entrails = message.indexOf(" (start marker");
        return entrails < 0 ? message : message.substring(0, entrails);
    }

    // Where a document is refused for its size or depth, the parser does not say where.
    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
    }

    /** The node as text. */
    public static String print(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that can't be written", e);
        }
    }

    /** The node as text with line breaks, for people. */
    public static String printPretty(JsonNode node) {
        return node.toPrettyString();
    }

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static ArrayNode array(Collection<? extends JsonNode> elements) {
        return MAPPER.createArrayNode().addAll(elements);
    }

    /**
     * Reads a change.
     *
     * @param pointer where it stands, as a JSON pointer, for messages
     * @throws MalformedException if it is none
     */
    public static Change readChange(JsonNode node, String pointer) {
        return ChangeReader.read(node, pointer);
    }

    /**
     * Reads a subject: {@code {targetingKey?, orgId?, admin?}}.
     *
     * @throws MalformedException if it is none
     */
    public static Subject readSubject(JsonNode node, String pointer) {
        Fields fields = new Fields(node, pointer);
        Subject subject =
                new Subject(fields.optionalText("targetingKey"), fields.optionalText("orgId"), fields.truth("admin"));
        fields.end();
        return subject;
    }

    /**
     * Reads an actor: an id, or {@code {id, kind?, onBehalfOf?}}.
     *
     * @throws MalformedException if it is none
     */
    public static Actor readActor(JsonNode node, String pointer) {
        if (node.isTextual()) {
            return Actor.human(node.textValue());
        }
        Fields fields = new Fields(node, pointer);
        Actor.Kind kind = fields.optionalOneOf("kind", Actor.Kind.class);
        Actor actor =
                new Actor(fields.text("id"), kind == null ? Actor.Kind.HUMAN : kind, fields.optionalText("onBehalfOf"));
        fields.end();
        return actor;
    }

    /**
     * The value of an OBJECT flag.
     *
     * @throws MalformedException if the text is no JSON object
     */
    public static FlagValue.ObjectValue readObject(String json) {
        JsonNode node = parse(json);
        new Fields(node, "");
        return new FlagValue.ObjectValue(node.toString());
    }

    public static ObjectNode flag(String environment, FlagState flag) {
        ObjectNode json = object();
        json.put("key", flag.key());
        json.put("environment", environment);
        json.put("type", flag.type().name());
        putDefinition(json, flag.definition());
        json.put("revision", flag.lastChange().revision());
        json.put("sequence", flag.lastChange().sequence());
        json.put("changedAt", time(flag.lastChange().at()));
        json.set("changedBy", actor(flag.lastChange().by()));
        json.put("reason", flag.lastChange().reason());
        return json;
    }

    /**
     * An event as JSON.
     *
     * @param recorded with its append time made monotonic, which is the ledger time shown
     */
    public static ObjectNode event(Recorded recorded) {
        Event event = recorded.event();
        ObjectNode json = object();
        json.put("environment", event.environment());
        json.put("sequence", event.sequence());
        json.put("flag", event.flag());
        json.put("revision", event.revision());
        json.put("ledgerTime", time(recorded.appendedAt()));
        json.put("occurredAt", time(event.occurredAt()));
        json.set("actor", actor(event.actor()));
        json.put("reason", event.reason());
        json.put("changeId", event.changeId());
        json.putObject("batch")
                .put("index", event.batch().index())
                .put("size", event.batch().size());
        json.set("change", change(event.change()));
        json.put("digest", recorded.digest().toString());
        json.put("previousDigest", recorded.previousDigest().toString());
        return json;
    }

    public static ObjectNode change(Change change) {
        return change.match(new ChangeWriter());
    }

    /** The name of the kind of change, as in its JSON's {@code type}. */
    public static String kind(Change change) {
        return change(change).get("type").textValue();
    }

    /** The names of all kinds of changes, which {@link #kind} gives. */
    public static SortedSet<String> kinds() {
        return ChangeReader.kinds();
    }

    public static ObjectNode decision(Decision decision) {
        ObjectNode json = object();
        json.put("flag", decision.flag());
        json.put("granted", decision.granted());
        if (decision.variant() != null && decision.value() != null) {
            json.put("variant", decision.variant());
            json.set("value", value(decision.value()));
        }
        json.put("reason", decision.reason().name());
        if (decision.parent() != null) {
            json.putObject("because").put("parent", decision.parent());
        }
        Decision.Entry entry = decision.entry();
        if (entry != null) {
            ObjectNode because = json.putObject("because").putObject("entry");
            putIfThere(because, "user", entry.user());
            putIfThere(because, "org", entry.org());
        }
        if (decision.bucket() != null) {
            json.put("bucket", decision.bucket());
        }
        json.put("revision", decision.revision());
        json.put("sequence", decision.sequence());
        json.put("at", time(decision.at()));
        json.put("stale", decision.stale());
        return json;
    }

    public static ObjectNode actor(Actor actor) {
        ObjectNode json =
                object().put("id", actor.id()).put("kind", actor.kind().name());
        putIfThere(json, "onBehalfOf", actor.onBehalfOf());
        return json;
    }

    public static JsonNode value(FlagValue value) {
        return value instanceof FlagValue.ObjectValue object ? parse(object.json()) : MAPPER.valueToTree(value.raw());
    }

    /** An instant as ISO 8601 in UTC with milliseconds, which is what a ledger keeps. */
    public static String time(Instant instant) {
        Instant millis = instant.truncatedTo(ChronoUnit.MILLIS);
        String text = millis.toString();
        return text.length() == "2026-01-01T00:00:00Z".length() ? text.replace("Z", ".000Z") : text;
    }

    static ObjectNode allowlist(Allowlist list) {
        ObjectNode json = object();
        ArrayNode users = json.putArray("users");
        for (UserEntry user : list.users().values()) {
            putIfThere(users.addObject().put("id", user.id()), "org", user.org());
        }
        json.set("orgs", ChangeWriter.texts(list.orgs()));
        return json;
    }

    static void putDefinition(ObjectNode json, Definition definition) {
        json.put("title", definition.details().title());
        json.put("description", definition.details().description());
        json.put("owner", definition.details().owner());
        json.set("tags", ChangeWriter.texts(definition.details().tags()));
        json.put("ticket", definition.details().ticket());
        json.put("stage", definition.stage().name());
        json.put("percentage", definition.percentage().percent());
        json.set("allowlist", allowlist(definition.allowlist()));
        json.put("killSwitch", definition.killSwitch().name());
        json.set("parents", ChangeWriter.parents(definition.parents()));
        putVariants(json, definition.variants());
        json.put("bucketBy", definition.bucketing().by().name());
        json.put("seed", definition.bucketing().seed());
        json.put("archived", definition.archived());
    }

    static void putVariants(ObjectNode json, Variants variants) {
        ObjectNode values = json.putObject("variants");
        variants.values().forEach((name, value) -> values.set(name, value(value)));
        json.put("off", variants.off());
        ArrayNode on = json.putArray("on");
        variants.on()
                .forEach(weight ->
                        on.addObject().put("variant", weight.variant()).put("weight", weight.weight()));
    }

    static void putIfThere(ObjectNode json, String field, @Nullable String text) {
        if (text != null) {
            json.put(field, text);
        }
    }
}
