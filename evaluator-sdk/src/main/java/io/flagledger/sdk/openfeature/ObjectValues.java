package io.flagledger.sdk.openfeature;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.openfeature.sdk.ImmutableStructure;
import dev.openfeature.sdk.Value;
import dev.openfeature.sdk.exceptions.ParseError;
import io.flagledger.core.event.FlagValue.ObjectValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** JSON objects as OpenFeature has them, each read once for as long as flags do not change. */
final class ObjectValues {
    private static final JsonMapper JSON = new JsonMapper();

    private final Map<ObjectValue, Value> read = new ConcurrentHashMap<>();

    Value of(ObjectValue object) {
        return read.computeIfAbsent(object, ObjectValues::read);
    }

    void forget() {
        read.clear();
    }

    private static Value read(ObjectValue object) {
        try {
            return value(JSON.readTree(object.json()));
        } catch (JsonProcessingException e) {
            throw new ParseError("the flag's value is no JSON object");
        }
    }

    private static Value value(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                Map<String, Value> fields = new LinkedHashMap<>();
                node.properties().forEach(field -> fields.put(field.getKey(), value(field.getValue())));
                yield new Value(new ImmutableStructure(fields));
            }
            case ARRAY -> {
                List<Value> elements = new ArrayList<>();
                node.forEach(element -> elements.add(value(element)));
                yield new Value(List.copyOf(elements));
            }
            case BOOLEAN -> new Value(node.booleanValue());
            case STRING -> new Value(node.textValue());
            case NUMBER ->
                node.isInt()
                        ? new Value(node.intValue())
                        : node.isLong() ? new Value(node.longValue()) : new Value(node.doubleValue());
            default -> new Value();
        };
    }
}
