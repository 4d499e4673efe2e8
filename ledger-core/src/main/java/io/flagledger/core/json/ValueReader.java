package io.flagledger.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.event.FlagValue;

/** Reads the values that flags serve. */
final class ValueReader {
    private ValueReader() {}

    /**
     * @param fractional whether whole numbers stand for doubles
     */
    static FlagValue read(JsonNode node, String pointer, boolean fractional) {
        return switch (node.getNodeType()) {
            case BOOLEAN -> new FlagValue.BooleanValue(node.booleanValue());
            case STRING -> new FlagValue.StringValue(node.textValue());
            case OBJECT -> new FlagValue.ObjectValue(node.toString());
            case NUMBER -> number(node, pointer, fractional);
            default ->
                throw new MalformedException(
                        pointer,
                        "a value is a boolean, a text, a number or an object, but this is " + Fields.kind(node));
        };
    }

    private static FlagValue number(JsonNode node, String pointer, boolean fractional) {
        if (fractional || !node.isIntegralNumber()) {
            if (!Double.isFinite(node.doubleValue())) {
                throw new MalformedException(pointer, "this number is beyond what a double holds");
            }
            return new FlagValue.DoubleValue(node.doubleValue());
        }
        if (!node.canConvertToLong()) {
            throw new MalformedException(pointer, "this number is beyond 64 bits");
        }
        return new FlagValue.IntegerValue(node.longValue());
    }
}
