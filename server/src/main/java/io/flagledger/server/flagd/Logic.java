package io.flagledger.server.flagd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.flagledger.core.event.BucketBy;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.json.LedgerJson;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Makes JsonLogic, with the operations that flagd adds to it. What is made is never changed, so it may stand in several places. */
final class Logic {
    static final JsonNode USER = var("targetingKey");
    static final JsonNode ORG = var("orgId");
    static final JsonNode ADMIN = op("===", var("admin"), BooleanNode.TRUE);

    private Logic() {}

    static ObjectNode op(String name, JsonNode... arguments) {
        return op(name, List.of(arguments));
    }

    static ObjectNode op(String name, Collection<? extends JsonNode> arguments) {
        ObjectNode operation = LedgerJson.object();
        operation.set(name, LedgerJson.array(arguments));
        return operation;
    }

    /** Whether a text is one of some. */
    static ObjectNode in(JsonNode text, Collection<String> texts) {
        return op("in", text, LedgerJson.array(texts.stream().map(TextNode::new).toList()));
    }

    /** Who is drawn: the org, or the user where there is none or the flag draws users. */
    static JsonNode unit(FlagState flag) {
        return flag.bucketing().by() == BucketBy.USER ? USER : op("if", isThere(ORG), ORG, USER);
    }

    /**
     * Draws a text, each with its weight, for a unit; another value where there is nobody to draw. Not every evaluator
     * copes with an id that is not there, so it is asked for first.
     */
    static JsonNode draw(String seed, JsonNode unit, Map<String, Integer> weights, JsonNode otherwise) {
        ArrayNode arguments = LedgerJson.array(List.of(op("cat", new TextNode(seed), unit)));
        weights.forEach((text, weight) -> arguments.addArray().add(text).add(weight.intValue()));
        ObjectNode fractional = LedgerJson.object();
        fractional.set("fractional", arguments);
        return op("if", isThere(unit), fractional, otherwise);
    }

    /** Neither absent nor empty. */
    private static ObjectNode isThere(JsonNode id) {
        return op("!!", id);
    }

    private static ObjectNode var(String name) {
        return LedgerJson.object().put("var", name);
    }
}
